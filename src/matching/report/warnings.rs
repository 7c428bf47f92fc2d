//! Reasons not to rely on a score.

use super::super::evidence::Pair;
use super::super::language;
use super::super::result::ScoreComponent;

impl<'v, R, J> Pair<'_, R, J>
where
    R: Fn(usize) -> &'v [f32],
    J: Fn(usize) -> Option<&'v [f32]>,
{
    /// The warnings of a match; `pasted` words did not count.
    pub(super) fn warnings(&self, components: &[ScoreComponent], pasted: &[bool]) -> Vec<String> {
        let limits = &self.weights.text;
        let languages = [
            language::warning("resume", &self.resume.text),
            language::warning("posting", &self.job.text),
        ];
        let mut warnings: Vec<String> = languages.into_iter().flatten().collect();
        let telling = self.resume.sentences.iter().filter(|sentence| sentence.text.is_some());
        let words: usize = telling.map(|sentence| sentence.words.len()).sum();
        if words < limits.resume_words {
            warnings.push(format!(
                "The resume has only {} to go by: the score is lowered and says little.",
                counted_words(words)
            ));
        }
        if self.job.words < limits.job_words {
            warnings.push(format!(
                "The posting has only {} to go by: the score is lowered and says little.",
                counted_words(self.job.words)
            ));
        }
        if self.job.requirements.is_empty() {
            warnings.push("No requirement was found in the posting.".to_owned());
        }
        if components.is_empty() {
            warnings.push("Nothing could be compared: the score of 0 means unknown.".to_owned());
        }
        let copied = pasted.iter().filter(|pasted| **pasted).count();
        if copied > 0 {
            warnings.push(format!(
                "Keyword stuffing: {copied} words of the resume repeat the posting's own words in a row and were not counted."
            ));
        }
        if self.resume.unread > 0 {
            warnings.push(format!(
                "The resume is too long: its last {} sentences were not read.",
                self.resume.unread
            ));
        }
        if self.job.unread > 0 {
            warnings.push(format!(
                "The posting is too long: its last {} requirements were not read.",
                self.job.unread
            ));
        }
        warnings
    }
}

fn counted_words(count: usize) -> String {
    format!("{count} word{}", if count == 1 { "" } else { "s" })
}
