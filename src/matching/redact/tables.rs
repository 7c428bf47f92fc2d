//! The words that identity is recognized by: `words.toml`, `names.toml`, `places.toml` and `title_words.txt`.

use std::collections::HashSet;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::fold::fold;

type Set = FxHashSet<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    pronouns: String,
    stated_pronouns: String,
    titles: String,
    address_forms: String,
    retired: String,
    other_names: String,
    short_given: String,
    titles_after: Vec<String>,
    particles: String,
    academic: String,
    generational: String,
    organisations: String,
    not_names: String,
    contact_headings: Vec<String>,
    title_endings: String,
    labels: String,
    name_labels: String,
    name_parts: String,
    name_part_words: String,
    profiles: String,
    weak_labels: WeakLabels,
    short_values: ShortValues,
    person: Person,
    verbs: Verbs,
    ambiguous: Ambiguous,
    numbers: Numbers,
    before: Before,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WeakLabels {
    name: String,
    contact: String,
    place: String,
    short: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShortValues {
    words: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    gendered: String,
    relations: String,
    marital: String,
    aged_things: String,
    born: String,
    years_old: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verbs {
    base: String,
    past: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ambiguous {
    places: String,
    months: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Numbers {
    calls: String,
    not_calls: String,
    ids: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Before {
    person: String,
    trade: String,
    place: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    given: String,
    surname_words: String,
    skill_names: String,
    given_words: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Places {
    countries: Vec<String>,
    regions: Vec<String>,
    region_codes: String,
    cities: Vec<String>,
    street_words: String,
    street_endings: String,
}

/// All tables, folded by [`fold`] unless stated.
pub(super) struct Tables {
    pub(super) pronouns: Set,
    pub(super) stated_pronouns: Set,
    /// In their spelling.
    pub(super) titles: Set,
    pub(super) address_forms: Set,
    /// Words in brackets between a rank and a name.
    pub(super) retired: Set,
    /// Words in front of another name of the person.
    pub(super) other_names: Set,
    /// Short forms of given names that are also degrees.
    pub(super) short_given: Set,
    /// In their spelling.
    pub(super) titles_after: Vec<String>,
    pub(super) particles: Set,
    /// Degrees and credentials beside a name.
    pub(super) academic: Set,
    pub(super) generational: Set,
    pub(super) organisations: Set,
    pub(super) not_names: Set,
    pub(super) contact_headings: Set,
    pub(super) title_endings: Vec<String>,
    pub(super) labels: Set,
    pub(super) name_labels: Set,
    /// Labels of a part of a name.
    pub(super) name_parts: Set,
    /// Words that are such labels beside one.
    pub(super) name_part_words: Set,
    /// The first words of both.
    pub(super) name_part_starts: Set,
    /// Hosts and the beginnings of paths.
    pub(super) profiles: Vec<String>,
    pub(super) weak_name: Set,
    pub(super) weak_contact: Set,
    pub(super) weak_place: Set,
    pub(super) weak_short: Set,
    pub(super) short_values: Set,
    pub(super) gendered: Set,
    pub(super) relations: Set,
    pub(super) marital: Set,
    pub(super) aged_things: Set,
    pub(super) born: Set,
    /// Phrases after a number.
    pub(super) years_old: Vec<String>,
    /// Base forms of verbs.
    pub(super) verbs: Set,
    pub(super) past: Set,
    pub(super) ambiguous_places: Set,
    pub(super) ambiguous_months: Set,
    /// Words before telephone numbers.
    pub(super) calls: Set,
    /// Words before other numbers.
    pub(super) not_calls: Set,
    /// Words before numbers of identity, tax and registration.
    pub(super) ids: Set,
    pub(super) before_person: Set,
    pub(super) before_trade: Set,
    pub(super) before_place: Set,
    pub(super) given: Set,
    pub(super) given_words: Set,
    pub(super) surname_words: Set,
    pub(super) skill_names: Set,
    /// Countries, regions and cities.
    pub(super) places: Set,
    /// In capitals.
    pub(super) region_codes: HashSet<&'static str>,
    pub(super) street_words: Set,
    pub(super) street_endings: Vec<String>,
    /// Words of job titles.
    pub(super) title_words: HashSet<&'static str>,
    /// Those that titles end with.
    pub(super) title_heads: HashSet<&'static str>,
}

/// The tables.
pub(super) static TABLES: LazyLock<Tables> = LazyLock::new(load);

fn words(list: &str) -> Set {
    list.split_whitespace().map(fold).collect()
}

fn phrases(list: &str) -> Vec<String> {
    let list = list
        .split('|')
        .map(|one| fold(one.split_whitespace().collect::<Vec<_>>().join(" ").as_str()));
    list.filter(|one| !one.is_empty()).collect()
}

#[expect(
    clippy::expect_used,
    reason = "the files are part of the binary, and tests read them"
)]
fn load() -> Tables {
    let own: Words = toml::from_str(include_str!("words.toml")).expect("words.toml is valid");
    let names: Names = toml::from_str(include_str!("names.toml")).expect("names.toml is valid");
    let places: Places = toml::from_str(include_str!("places.toml")).expect("places.toml is valid");
    let titles = include_str!("title_words.txt");
    let titles = || {
        titles
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::split_whitespace)
    };
    let set = |list: &str| phrases(list).into_iter().collect::<Set>();
    let region_codes: &'static str = Box::leak(places.region_codes.into_boxed_str());
    Tables {
        pronouns: words(&own.pronouns),
        stated_pronouns: words(&own.stated_pronouns),
        titles: own.titles.split_whitespace().map(str::to_owned).collect(),
        address_forms: words(&own.address_forms),
        retired: words(&own.retired),
        other_names: words(&own.other_names),
        short_given: words(&own.short_given),
        titles_after: own.titles_after,
        particles: words(&own.particles),
        academic: words(&own.academic),
        generational: words(&own.generational),
        organisations: words(&own.organisations),
        not_names: words(&own.not_names),
        contact_headings: own.contact_headings.iter().map(|one| fold(one)).collect(),
        title_endings: words(&own.title_endings).into_iter().collect(),
        labels: set(&own.labels),
        name_labels: set(&own.name_labels),
        name_parts: set(&own.name_parts),
        name_part_words: set(&own.name_part_words),
        name_part_starts: [&own.name_parts, &own.name_part_words]
            .into_iter()
            .flat_map(|list| phrases(list))
            .filter_map(|phrase| phrase.split(' ').next().map(str::to_owned))
            .collect(),
        profiles: words(&own.profiles).into_iter().collect(),
        weak_name: set(&own.weak_labels.name),
        weak_contact: set(&own.weak_labels.contact),
        weak_place: set(&own.weak_labels.place),
        weak_short: set(&own.weak_labels.short),
        short_values: words(&own.short_values.words),
        gendered: words(&own.person.gendered),
        relations: words(&own.person.relations),
        marital: words(&own.person.marital),
        aged_things: words(&own.person.aged_things),
        born: words(&own.person.born),
        years_old: phrases(&own.person.years_old),
        verbs: words(&own.verbs.base),
        past: words(&own.verbs.past),
        ambiguous_places: words(&own.ambiguous.places),
        ambiguous_months: words(&own.ambiguous.months),
        calls: words(&own.numbers.calls),
        not_calls: words(&own.numbers.not_calls),
        ids: words(&own.numbers.ids),
        before_person: words(&own.before.person),
        before_trade: words(&own.before.trade),
        before_place: words(&own.before.place),
        given: words(&names.given),
        given_words: words(&names.given_words),
        surname_words: words(&names.surname_words),
        skill_names: words(&names.skill_names),
        places: [places.countries, places.regions, places.cities]
            .concat()
            .iter()
            .map(|one| fold(one))
            .collect(),
        region_codes: region_codes.split_whitespace().collect(),
        street_words: words(&places.street_words),
        street_endings: words(&places.street_endings).into_iter().collect(),
        title_words: titles().map(|word| word.trim_end_matches('*')).collect(),
        title_heads: titles().filter_map(|word| word.strip_suffix('*')).collect(),
    }
}

/// Whether a folded word belongs to titles of jobs, in the singular or plural.
pub(super) fn is_work(word: &str) -> bool {
    let singular = word.strip_suffix('s').unwrap_or(word);
    TABLES.title_words.contains(word) || TABLES.title_words.contains(singular) || names_job(word)
}

/// Whether a folded word names a job by itself.
pub(super) fn names_job(word: &str) -> bool {
    let singular = word.strip_suffix('s').unwrap_or(word);
    TABLES.title_heads.contains(word)
        || TABLES.title_heads.contains(singular)
        || TABLES.title_endings.iter().any(|ending| {
            word.ends_with(ending.as_str()) && (word.len() > ending.len() + 2 || word.len() == ending.len())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_can_be_read() {
        assert!(TABLES.labels.contains("familienstand") && TABLES.labels.contains("姓名"));
        assert!(is_work("sales") && names_job("copywriter") && names_job("bauingenieur"));
        assert!(!is_work("placeholder") && !is_work("quill"));
    }
}
