//! What is blanked and what is kept. That the score does not change is tested in `matching`.

use super::*;

#[test]
fn the_head_keeps_work_and_loses_the_person() {
    let text = "Zoë van der Berg | Senior Data Engineer\n12 Mill Lane, Leeds LS1 4AB\nzoe@example.org +44 20 7946 0958\n\n\
                Summary\nMs. Berg leads; her team trusts Zoë's plans. Born on 3 May 1980, aged 44. 44 years old.\n";
    let clean = resume(text).clean;
    for gone in [
        "Zo", "Berg", "Mill", "Leeds", "example", "7946", "Ms", "her ", "1980", "44",
    ] {
        assert!(!clean.contains(gone), "{gone} in {clean}");
    }
    for kept in ["Senior Data Engineer", "leads", "team trusts", "plans"] {
        assert!(clean.contains(kept), "{kept} not in {clean}");
    }
}

#[test]
fn a_name_goes_with_what_belongs_to_it() {
    for (name, family) in [
        ("Fatima Al-Farsi", "Al-Farsi"),
        ("Zoë van der Berg", "van der Berg"),
        ("Siobhán O'Neill", "O'Neill"),
        ("Ana de la Cruz", "De la Cruz"),
        ("Anne-Marie Le Gall", "Le Gall"),
    ] {
        let rest = "leads teams and trains them; all of this at la Scala.";
        let text = format!("{name}\n\nExperience\nMs. {family} {rest}\n{family} and {family}'s pupils\n");
        let clean = resume(&text).clean.replace('\u{fffc}', " ");
        let words: Vec<&str> = clean.split_whitespace().collect();
        let kept = "Experience leads teams and trains ; all of this at la Scala. and pupils";
        assert_eq!(words.join(" "), kept, "{name}");
    }
}

#[test]
fn years_of_work_are_not_a_phone_number() {
    let text = "Experience\n2010 2012 2015 2019\nChef, 01/2015 - 03/2019, 120 covers\n";
    assert_eq!(resume(text).clean, text);
}

#[test]
fn postings_lose_only_contacts() {
    let clean = job(
        "She will lead. Write to jobs@example.org or https://example.org/jobs\nContact: Quill Placeholder, Head of Sales\n",
    );
    assert!(clean.starts_with("She will lead. Write to "));
    assert!(
        !clean.contains("example") && !clean.contains("Quill") && clean.contains("Head of Sales"),
        "{clean}"
    );
}
