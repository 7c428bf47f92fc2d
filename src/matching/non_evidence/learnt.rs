//! Clauses about what was only learnt: `a one-day course on beekeeping`, `practised on training heads`, `college lab`.

use super::vocabulary::VOCABULARY;

/// Whether the clause says that what it mentions was learnt in a short course, or at school only.
pub(super) fn is_learnt(words: &[String]) -> bool {
    let lists = &VOCABULARY.courses;
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let teaches = words.iter().any(|word| {
        matches!(
            word.as_str(),
            "taught"
                | "teach"
                | "teaches"
                | "teaching"
                | "led"
                | "ran"
                | "delivered"
                | "designed"
                | "developed"
                | "wrote"
        )
    });
    (0..words.len()).any(|at| {
        let next = word(at + 1);
        let own = |at: usize| matches!(word(at), "my" | "a" | "the");
        match word(at) {
            how if lists.short.contains(how) && lists.courses.contains(next) => !teaches,
            course if lists.courses.contains(course) && matches!(next, "in" | "at" | "on") => {
                (at == 0 || at == 1 && own(0)) && !teaches
            }
            school if lists.schools.contains(school) && lists.exercises.contains(next) => true,
            "lab" => next == "practice",
            "final" => next == "year" && lists.exercises.contains(word(at + 2)),
            "from" => {
                let school = if own(at + 1) { word(at + 2) } else { next };
                matches!(school, "college" | "course" | "school") && !teaches
            }
            "on" => {
                let before = words[..at].iter().any(|word| lists.practised.contains(word));
                let aid = (at + 1..=at + 3).any(|at| lists.aids.contains(word(at)));
                before && aid || matches!(next, "training" | "practice") && lists.aids.contains(word(at + 2))
            }
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> bool {
        let low = text.to_lowercase().replace('-', " ");
        let words: Vec<String> = low.split_whitespace().map(str::to_owned).collect();
        is_learnt(&words)
    }

    /// Whatever was learnt.
    #[test]
    fn courses_and_exercises_are_no_work() {
        for subject in ["beekeeping", "balayage", "arc welding", "phlebotomy"] {
            for text in [
                format!("one-day course on {subject}"),
                format!("an online class in {subject}"),
                format!("module in {subject}"),
                format!("class at the vocational school in {subject}"),
                format!("{subject} in the college lab"),
                format!("{subject} from my college"),
                format!("practised {subject} on dummies"),
                format!("{subject} on training heads"),
            ] {
                assert!(read(&text), "{text}");
            }
        }
    }

    #[test]
    fn teaching_and_work_are_work() {
        for text in [
            "Taught evening classes in pottery",
            "Led a two-day course for new drivers",
            "Advised on training plans",
            "Hospital project on the new ward",
            "a two-year project",
            "Practised law for ten years",
            "Drove children home from the leisure centre",
            "Worked day and night",
        ] {
            assert!(!read(text), "{text}");
        }
    }
}
