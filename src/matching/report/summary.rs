//! The summary of a match.

use super::super::result::{Gap, RequirementMatch};

/// The summary in two sentences. `confidence` is below 1 if a text is too short to count in full.
pub(super) fn summary(
    score: f64,
    confidence: f64,
    requirements: &[RequirementMatch],
    (shown, named): (usize, usize),
    gaps: &[Gap],
) -> String {
    let shown = (named > 0).then(|| format!("shows {shown} of {named} skills"));
    let met = requirements.iter().filter(|one| one.met).count();
    let met = (!requirements.is_empty()).then(|| format!("meets {met} of {} requirements", requirements.len()));
    let found = shown.into_iter().chain(met).collect::<Vec<_>>().join(" and ");
    let first = if found.is_empty() {
        format!("The posting names no skills and no requirements; the score is {score:.2}.")
    } else {
        format!("The resume {found} of the posting; the score is {score:.2}.")
    };
    let gains_more = |gap: &Gap, most: &Gap| gap.score_if_added > most.score_if_added;
    let most = gaps
        .iter()
        .reduce(|most, gap| if gains_more(gap, most) { gap } else { most });
    let second = match most {
        Some(gap) => {
            let text = gap.text.trim_end_matches(['.', ';', ',']);
            format!("Showing \"{text}\" would raise it most, to {:.2}.", gap.score_if_added)
        }
        None if confidence < 1.0 => "It is lowered because there is too little text to go by.".to_owned(),
        None => "Nothing else that the posting names would raise it.".to_owned(),
    };
    format!("{first} {second}")
}
