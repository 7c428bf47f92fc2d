//! Which clauses show what they mention.

use super::super::words::words;
use super::*;

fn credits(text: &str) -> Vec<f32> {
    clauses(text, &words(text), 0)
        .into_iter()
        .map(|clause| clause.credit)
        .collect()
}

#[test]
fn denials_wishes_and_other_doers_get_no_credit() {
    for (text, want) in [
        ("No experience with Kubernetes yet", &[0.0][..]),
        ("I have never fitted a boot and would need teaching.", &[0.0]),
        ("Would like to get into chillers", &[0.0]),
        ("Hoping to learn welding next year", &[0.0]),
        ("Payroll was handled by an outside bureau", &[0.0]),
        ("Ran the tills, but the banking was done by the manager", &[1.0, 0.0]),
        ("Assisted with external audits", &[ASSISTED]),
        ("Set bones under the direction of a vet", &[ASSISTED]),
        ("Lathe work as a helper", &[ASSISTED]),
        ("Mix, pour and finish concrete under supervision", &[ASSISTED, ASSISTED]),
        (
            "Roof trusses, ridge beams: the firm has a crew for this",
            &[0.0, 0.0, 0.0],
        ),
        ("A one-day course on beekeeping", &[ASSISTED]),
        ("Norwegian, very rusty", &[1.0, ASSISTED]),
        ("Welding exam expected in May", &[0.0]),
        ("Read half a book on Haskell and have written nothing in it", &[0.0]),
        ("Wrote the introduction for the catalogue", &[]),
        (
            "Was shown hoists, students were not allowed to use them",
            &[WATCHED, 0.0],
        ),
        ("Bending is done by the journeyman", &[0.0]),
        ("Notary public (NP) exam scheduled for this fall", &[0.0, 0.0, 0.0]),
        ("Have heard of accessibility (WCAG 2.1)", &[0.0, 0.0]),
        ("Temporary crowns (lab practice)", &[ASSISTED, ASSISTED]),
        ("Rebuilt two pumps (2016)", &[]),
        ("Bar bending (training only)", &[ASSISTED, ASSISTED]),
        (
            "Reads wiring plans (class at Blue River Vo-Tech)",
            &[ASSISTED, ASSISTED],
        ),
        ("HGV driver (class 1)", &[]),
        ("CDL (Class A)", &[]),
        ("Taught maths (high school)", &[]),
        ("Solicitor (private practice)", &[]),
        ("Delivered workshops (safety training)", &[]),
        ("Redesigned checkout (saw conversion rise 12%)", &[1.0, WATCHED]),
        ("Ran payroll for 300 staff (assisted by one clerk)", &[1.0, ASSISTED]),
        ("No degree (9 years of professional Python)", &[0.0, 1.0]),
        ("No degree (accounting)", &[0.0, 0.0]),
        ("Trained in resuscitation in 2016, since lapsed", &[0.0, 0.0]),
        ("Support the store manager, who owns the profit and loss", &[1.0, 0.0]),
        ("The awkward chats stay with my manager", &[0.0]),
        ("Send the report when my manager is on holiday", &[ASSISTED]),
        ("Inspect work areas when contractors leave the site", &[]),
        ("Release batches when the engineer signs off", &[]),
        ("Experienced operations manager, who has run three sites", &[]),
        ("Listen in on calls and coach 14 agents", &[]),
        ("Listened in on calls at the help desk", &[WATCHED]),
        ("Sit in on hiring panels and score candidates", &[]),
        ("Sat in on hiring panels", &[WATCHED]),
        ("The night audit was always done by the owner", &[0.0]),
        ("No zero-downtime migrations in production so far", &[0.0]),
        ("I have no Mastercam", &[0.0]),
        (
            "Our site has grade A but that is the quality department's work",
            &[0.0, 0.0],
        ),
        ("Ran the shop, and that is my own work", &[]),
        ("I have no points on my licence", &[]),
        ("Our UX lead plans the research and I make the slides", &[0.0, 1.0]),
        ("Paid by the hour", &[]),
        ("I\u{2019}ve not yet led a team", &[0.0]),
        ("Led a team of nine cooks", &[]),
        ("Worked without supervision on nights", &[]),
        ("Cut waste by 20%, never missed a delivery slot", &[]),
        ("I am not a licensed driver", &[0.0]),
        ("Not an electrician", &[0.0]),
        ("No driving licence", &[0.0]),
        ("No first aid course yet", &[0.0]),
        ("No complaints in six years", &[]),
        ("Chose not to sit the forklift test", &[0.0]),
        ("Not a single complaint in six years", &[]),
        ("Managed not only the bar", &[]),
        ("Kept speed so as not to exceed the limit", &[]),
    ] {
        assert_eq!(credits(text), want, "{text}");
    }
}

/// Whatever the list names, however it ends, and whatever the clause before it says.
#[test]
fn the_items_of_a_list_have_the_credit_of_its_beginning() {
    let items = [
        ["Kubernetes", "Terraform", "AWS"],
        ["payroll", "VAT returns", "management accounts"],
        ["cannulation", "venepuncture", "wound care"],
    ];
    for [a, b, c] in items {
        for (start, credit, joint) in [
            ("No experience with", 0.0, "or"),
            ("I have never done", 0.0, "or"),
            ("Not trained in", 0.0, "nor"),
            ("Hoping to learn", 0.0, "and"),
            ("Interested in", 0.0, "and"),
            ("Looking to learn", 0.0, "and"),
            ("Observed", WATCHED, "and"),
            ("Assisted with", ASSISTED, "and"),
            ("Helping with", ASSISTED, "and"),
            ("Basic knowledge of", ASSISTED, "and"),
        ] {
            for text in [
                format!("{start} {a}, {b} {joint} {c}"),
                format!("{start} {a}, {b}, {joint} {c}"),
            ] {
                let found = credits(&text);
                assert!(
                    found.iter().all(|own| (own - credit).abs() < 1e-6) && !found.is_empty(),
                    "{text}: {found:?}"
                );
            }
        }
    }
    for (text, want) in [
        (
            "Assisted with audits, prepared VAT returns and closed the month",
            &[ASSISTED, 1.0][..],
        ),
        ("Helped the chef, ran the pass and trained two cooks", &[ASSISTED, 1.0]),
        (
            "Assisting the chef, running the pass and ordering stock",
            &[ASSISTED, 1.0],
        ),
        ("Help the manager, prepare rotas and order stock", &[ASSISTED, 1.0]),
        ("No degree, A levels in maths and physics", &[0.0, 1.0]),
        ("No degree, 9 years of Python and Go", &[0.0, 1.0]),
        ("Never done payroll, but VAT returns and accounts", &[0.0, 1.0]),
        ("Assisted with audits; payroll and VAT returns", &[ASSISTED, 1.0]),
        ("Without Terraform, I used Ansible and Bash", &[0.0, 1.0]),
        (
            "No notice period, full driving licence, days or nights",
            &[0.0, 1.0, 1.0],
        ),
        ("Python, applied machine learning, SQL", &[]),
        ("Excel, failed batch analysis, SAP", &[]),
        ("Assisted patients with washing, dressing and feeding", &[]),
        ("I enjoy my current role, where I can use SQL and Python every day", &[]),
        ("Worked without supervision, on nights and weekends", &[]),
    ] {
        assert_eq!(credits(text), want, "{text}");
    }
}

/// Whatever an objective names, and in whatever clause.
#[test]
fn objectives_get_no_credit() {
    for start in [
        "To obtain a position as a hairdresser",
        "Seeking a role in a busy salon",
        "Experienced stylist looking for an opportunity",
        "I am seeking employment",
        "Objective: stylist role",
        "Career objective: a position",
    ] {
        for end in [
            "where I can cut, colour and style hair",
            "to use my skills in balayage, foils and fades",
        ] {
            assert_eq!(credits(&format!("{start}, {end}.")), [0.0], "{start}, {end}");
        }
    }
    assert_eq!(
        credits("Stylist role in a salon where I can cut, colour and style hair"),
        [0.0]
    );
    for text in [
        "To date, led 40 audits for one company",
        "Prepared the payroll of a company looking after 40 staff",
        "Nurse looking after the staff of a company",
        "To prepare monthly accounts for the company",
    ] {
        assert_ne!(credits(text), [0.0], "{text}");
    }
}

/// Whatever was held, and however the state of it is set off.
#[test]
fn what_is_not_held_any_more_or_not_yet_shows_nothing() {
    for thing in ["CDL", "Food hygiene", "First aid at work"] {
        for state in [
            ": none",
            ", expired 2018",
            " (in progress)",
            " - lapsed",
            "; not held",
            ", pending",
            ": No",
            " - No",
            ": N/A",
            ": nil",
            " (booked)",
            ": applied for",
            " (renewal pending)",
            " (not renewed)",
            ": in process",
        ] {
            let found = credits(&format!("{thing}{state}"));
            assert!(
                !found.is_empty() && found.iter().all(|credit| *credit <= 0.0),
                "{thing}{state}: {found:?}"
            );
        }
        for state in [
            " since 2018",
            ", valid until 2030",
            ", expired 2018, renewed 2019",
            ", no points",
            ": pass",
        ] {
            let found = credits(&format!("{thing}{state}"));
            assert!(
                found.first().is_none_or(|credit| *credit > 0.0),
                "{thing}{state}: {found:?}"
            );
        }
    }
    assert!(credits("Penalty points: none").is_empty());
}

#[test]
fn clauses_cover_the_sentence_in_order() {
    let text = "Built ovens; not yet certified (level 3), hoping to sit it: in May";
    let words = words(text);
    let mut next = 7;
    for clause in clauses(text, &words, 7) {
        assert_eq!(clause.words.start, next);
        next = clause.words.end;
    }
    assert_eq!(next, 7 + words.len());
}
