//! Clauses about what was only learnt: `a one-day course on beekeeping`, `practised on training heads`, `college lab`.

/// What is taught in.
const COURSES: [&str; 12] = [
    "class",
    "classes",
    "course",
    "courses",
    "lesson",
    "lessons",
    "module",
    "modules",
    "seminar",
    "seminars",
    "workshop",
    "workshops",
];

/// How long a course takes, or how it is taught.
const SHORT: [&str; 22] = [
    "day",
    "days",
    "hour",
    "hours",
    "week",
    "weeks",
    "weekend",
    "month",
    "evening",
    "night",
    "online",
    "short",
    "intro",
    "introductory",
    "introduction",
    "beginner",
    "beginners",
    "beginner's",
    "beginners'",
    "taster",
    "crash",
    "distance",
];

/// Where people learn.
const SCHOOLS: [&str; 4] = ["class", "classroom", "college", "course"];

/// What they do there.
const EXERCISES: [&str; 8] = [
    "assignment",
    "assignments",
    "exercise",
    "exercises",
    "lab",
    "labs",
    "practice",
    "project",
];

/// What people practise on.
const AIDS: [&str; 12] = [
    "dummies",
    "dummy",
    "heads",
    "manikin",
    "manikins",
    "mannequin",
    "mannequins",
    "models",
    "mock-ups",
    "panels",
    "rig",
    "simulator",
];

/// Forms of a verb that says that work was practised.
const PRACTISED: [&str; 6] = [
    "practised",
    "practiced",
    "practising",
    "practicing",
    "rehearsed",
    "trained",
];

/// Whether the clause says that what it mentions was learnt in a short course, or at school only.
pub(super) fn is_learnt(words: &[String]) -> bool {
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
            how if SHORT.contains(&how) && COURSES.contains(&next) => !teaches,
            course if COURSES.contains(&course) && matches!(next, "in" | "at" | "on") => {
                (at == 0 || at == 1 && own(0)) && !teaches
            }
            school if SCHOOLS.contains(&school) && EXERCISES.contains(&next) => true,
            "lab" => next == "practice",
            "final" => next == "year" && EXERCISES.contains(&word(at + 2)),
            "from" => {
                let school = if own(at + 1) { word(at + 2) } else { next };
                matches!(school, "college" | "course" | "school") && !teaches
            }
            "on" => {
                let before = words[..at].iter().any(|word| PRACTISED.contains(&word.as_str()));
                let aid = (at + 1..=at + 3).any(|at| AIDS.contains(&word(at)));
                before && aid || matches!(next, "training" | "practice") && AIDS.contains(&word(at + 2))
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
