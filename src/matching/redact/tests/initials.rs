//! Names of one word beside initials, as in the south of India.

use super::super::resume;

/// Whatever the form of the initials and what is below the name.
#[test]
fn a_name_beside_initials_goes() {
    for name in [
        "S. KARTHIKEYAN",
        "S. Karthikeyan",
        "S Karthikeyan",
        "Karthikeyan S",
        "Karthikeyan S.",
        "K.R. Meenakshi",
        "K. R. Meenakshi",
        "MEENAKSHI K.R.",
    ] {
        for below in ["B.Tech (CSE) 2024 passout, Lanewick", "Payroll clerk", "Exp: fresher"] {
            for above in ["", "RESUME\n", "CURRICULUM VITAE\n\n"] {
                let text = format!("{above}{name}\n{below}\n\nExperience\nClerk, Hollow Oak, 2019 - 2021\n");
                let clean = resume(&text).clean;
                let low = clean.to_lowercase();
                assert!(
                    !low.contains("karthikeyan") && !low.contains("meenakshi"),
                    "{text:?} {clean:?}"
                );
            }
        }
    }
}

#[test]
fn letters_beside_other_words_stay() {
    for line in ["Grade A welder", "Year 6 teacher", "C Programmer", "Class C driver"] {
        let text = format!("{line}\n\nExperience\nClerk, Hollow Oak, 2019 - 2021\n");
        assert!(resume(&text).clean.contains(line), "{line}");
    }
}

#[test]
fn the_origin_of_a_person_goes() {
    for line in [
        "State of Origin: Ogun",
        "LGA: Abeokuta North",
        "Native place: Trichy",
        "Hometown: Lanewick",
    ] {
        let text = format!("Quill Placeholder\n{line}\n\nExperience\nClerk, Hollow Oak, 2019 - 2021\n");
        let value = line.rsplit(':').next().unwrap().trim();
        assert!(!resume(&text).clean.contains(value), "{line}");
    }
}
