//! Matching of resumes with job postings: a score that adds up, evidence for every claim, and what is missing.
//!
//! The GraphQL field `matchResume` and `portcullis match` call it in three steps, because this part is pure and the
//! encoder is not: [`Plan::new`] reads both texts and lists what to encode, the caller encodes it, and [`Plan::score`]
//! computes the result. The modules, in the order of their work:
//!
//! | group | modules |
//! | --- | --- |
//! | a pair | `plan`, `compare`, `encoding_texts`, `document_embedding`, `result`, `error` |
//! | text | `normalize`, `layout`, `span`, `offset_map`, `fold`, `words`, `phrase`, `language`, `english`, `redact` |
//! | resume | `outline`, `headings`, `sections`, `titles`, `jobs_held` |
//! | experience | `experience`, `timeline`, `education`, `claims`, `non_evidence`, `resume` |
//! | posting | `posting`, `job`, `conditions`, `traits`, `qualification`, `alternatives`, `enumeration` |
//! | skills | `lexicon`, `mention`, `mention_classifier`, `skill_phrases`, `wanted_skills`, `broader`, `showing` |
//! | dates | `date`, `dated`, `month` |
//! | both sides | `degrees`, `credentials`, `licence`, `regions`, `language_level`, `occupations` |
//! | score | `weights`, `similarity`, `question`, `keyword_stuffing`, `evidence`, `scoring`, `score` |
//! | report | `report`, `gaps`, `letter`, `kept_match` |
//! | offline | `eval`, `phrase_training`, `tagged_sentence` |
//! | files | `text_file`, `card` |
//!
//! A score is a proxy for a careful reading, not a prediction of who will be hired.

mod alternatives;
mod broader;
mod card;
mod claims;
mod compare;
mod conditions;
mod credentials;
mod date;
mod dated;
mod degrees;
mod document_embedding;
mod education;
mod encoding_texts;
mod english;
mod enumeration;
mod error;
pub mod eval;
mod evidence;
mod experience;
mod fold;
mod gaps;
mod headings;
mod job;
mod jobs_held;
mod kept_match;
mod keyword_stuffing;
mod language;
mod language_level;
mod layout;
mod letter;
mod lexicon;
mod licence;
mod mention;
mod mention_classifier;
mod month;
mod non_evidence;
mod normalize;
mod occupations;
mod offset_map;
mod outline;
mod phrase;
mod phrase_training;
mod plan;
mod posting;
mod qualification;
mod question;
mod redact;
mod regions;
mod report;
mod result;
mod resume;
mod score;
mod scoring;
mod sections;
mod showing;
mod similarity;
mod skill_phrases;
mod span;
mod tagged_sentence;
mod text_file;
mod timeline;
mod titles;
mod traits;
mod wanted_skills;
mod weights;
mod words;

pub use self::compare::{EncodedText, compare, scores};
pub use self::document_embedding::{Terms, terms};
pub use self::english::SectionKind;
pub use self::error::{LexiconError, ScoringError, VectorsMismatch};
pub use self::job::Job;
pub use self::kept_match::{KeptMatch, RescoreOptions, RescoredMatch};
pub use self::language::Language;
pub use self::letter::Audience;
pub use self::lexicon::Lexicon;
pub use self::month::Month;
pub use self::phrase_training::{PhraseFigures, evaluate_phrases, train_phrases};
pub use self::plan::Plan;
pub use self::posting::{LineFigures, LineKind, evaluate_lines, train_lines};
pub use self::result::{
    ComponentKind, CredentialMatch, Education, Experience, Gap, GapKind, Highlight, HighlightKind, JobSection,
    MatchWeights, Occupation, RequirementKind, RequirementMatch, ResumeMatch, ScoreComponent, Section, Skill, SkillGap,
    SkillMatch, SkillReport, TextSpan, WorkBreak, WorkPeriod,
};
pub use self::resume::Resume;
pub use self::scoring::{ComponentWeights, MustHave, Scoring, ScoringOptions};

#[cfg(test)]
mod tests;
