//! The files of the evaluation.

/// The required files with their descriptions.
pub(in crate::matching::eval) const FILES: [(&str, &str); 28] = [
    ("esco/occupations.csv", "ESCO occupations with their labels (CC BY 4.0)"),
    (
        "jobbert/titles.csv",
        "vacancy titles and their ESCO occupation (JobBERT, Decorte et al. 2021)",
    ),
    (
        "onet/Task_DWA.csv",
        "O*NET tasks and detailed work activities (CC BY 4.0)",
    ),
    ("skills/skills_en_label.txt", "labels of ESCO skills, one a line"),
    (
        "skills/tech_validation_annotations.csv",
        "sentences and their ESCO skills (Decorte et al. 2022)",
    ),
    ("skills/house_validation_annotations.csv", "the same of other employers"),
    ("skills/tech_test_annotations.csv", "the same, for the figures"),
    (
        "skillspan/train.json",
        "sentences with their skills marked (SkillSpan, Zhang et al. 2022, MIT)",
    ),
    ("skillspan/dev.json", "the same, for the figures"),
    (
        "spans/green-train.jsonl.zst",
        "British sentences with their skills marked (Green et al. 2022, CC BY 4.0)",
    ),
    ("spans/green-dev.jsonl.zst", "the same, for the figures"),
    (
        "melo/queries.jsonl",
        "O*NET titles with their ESCO occupations (MELO, Retyk et al. 2024, MIT)",
    ),
    ("melo/concepts.jsonl.zst", "the occupations with all their labels"),
    ("titles/thesaurus.jsonl.zst", "names of one job together"),
    (
        "hahu/postings.jsonl.zst",
        "Ethiopian advertisements with their ESCO occupation and skills (Tabiya, CC BY 4.0)",
    ),
    (
        "esco/skill_descriptions.csv.zst",
        "ESCO skills with their ids (CC BY 4.0)",
    ),
    (
        "skillskape/train.jsonl.zst",
        "sentences by a language model and their ESCO skills (SkillSkape, Magron et al. 2024, MIT)",
    ),
    ("skillskape/dev.jsonl.zst", "the same"),
    (
        "fit/ferr-scores.csv",
        "grades of resumes for postings by people of human resources",
    ),
    ("fit/ferr-postings.jsonl", "the key skills and roles of these postings"),
    ("resumes/livecareer.jsonl.zst", "resumes line by line"),
    (
        "fit/rjdb.jsonl.zst",
        "postings with a resume that fits and one that lacks something (RJDB, Pezeshkpour et al. 2023, CC BY-SA 4.0)",
    ),
    (
        "stsb/sts-test.csv",
        "pairs of sentences with their similarity (STS Benchmark, Cer et al. 2017)",
    ),
    (
        "sick/train.csv",
        "pairs of sentences with their relatedness (SICK, Marelli et al. 2014)",
    ),
    ("sick/dev.csv", "the same"),
    (
        "spans/sayfullina-dev.jsonl.zst",
        "sentences with a soft skill marked (Sayfullina et al. 2018, CC BY 4.0)",
    ),
    (
        "spans/qualifications-eqf.csv",
        "qualifications with their European level (Tabiya, CC BY 4.0)",
    ),
    (
        "postings/lines.csv.zst",
        "lines of postings of five sources with their kind",
    ),
];
