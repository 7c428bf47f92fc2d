//! Durations of licences and records, which are not experience.

/// Words between what is held and for how long.
const HELD_FOR: [&str; 10] = ["a", "at", "for", "least", "min", "minimum", "of", "over", "past", "the"];
/// What is held or kept, and is not work.
const HELD: [&str; 9] = [
    "driving history",
    "driving record",
    "lawful resident",
    "licence",
    "licence held",
    "license",
    "license held",
    "permanent resident",
    "validity",
];
/// What a record does not have, behind one of [`WITHOUT`].
const OFFENCES: [&str; 6] = ["accident", "collision", "conviction", "duis", "offence", "violation"];

/// Words before what a record does not have.
const WITHOUT: [&str; 5] = ["clean", "clear", "free", "no", "without"];

/// Whether a duration, with the words around it, is that of a licence or a record: `licence held for 3 years`,
/// `no accidents in the last 5 years`.
pub(super) fn is_of_record(lead: &str, follows: &[&str]) -> bool {
    let all: Vec<&str> = lead
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let held = all.iter().rposition(|word| !HELD_FOR.contains(word));
    // `Class A licence, at least 12 months of driving` and `CDL licence and 2 years driving` ask for both.
    let apart = lead
        .rsplit_once("licence")
        .or_else(|| lead.rsplit_once("license"))
        .is_some_and(|(_, between)| between.contains([',', ';', '+', '&']));
    let listed = apart || held.is_some_and(|last| last + 1 == all.len() && matches!(all[last], "licence" | "license"));
    let held = held.map(|last| all[last.saturating_sub(1)..=last].join(" "));
    let is = |named: &str| {
        HELD.iter()
            .any(|held| named == *held || named.ends_with(&format!(" {held}")))
    };
    let recent = matches!(all.last(), Some(&("last" | "past" | "previous")));
    !listed && held.is_some_and(|held| is(&held))
        || follows
            .windows(2)
            .take(3)
            .any(|pair| is(&pair.join(" ")) && pair[0] == "driving")
        || recent
            && OFFENCES.iter().any(|offence| lead.contains(offence))
            && all.iter().any(|word| WITHOUT.contains(word))
}
