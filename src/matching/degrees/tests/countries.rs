//! Degrees of several countries.

use super::super::degrees;

/// Abbreviations of several countries, with and without dots.
#[test]
fn degrees_of_several_countries_have_levels() {
    for (names, level) in [
        (
            &[
                "BNSc Nursing",
                "B.NSc. Nursing",
                "B.Agric Agronomy",
                "BVoc Retail",
                "B.A.M.S",
                "Grad Dip Teaching",
            ][..],
            3,
        ),
        (
            &[
                "OND Accountancy",
                "Cert III in Cookery",
                "Certificate 4 in Training",
                "Dip HE Midwifery",
                "D.Pharm",
            ],
            2,
        ),
        (&["SSCE 2005", "T-levels", "Leaving Cert 2005", "10+2 in 2012"], 1),
    ] {
        for name in names {
            assert_eq!(degrees(name), Some((level, level)), "{name}");
        }
    }
    for text in [
        "State Board of Nursing licence",
        "and a cert in hand",
        "Class 3 gates",
        "ten plus two",
    ] {
        assert_eq!(degrees(text), None, "{text}");
    }
}
