//! Personal data beside the name and in sentences, addresses in sentences, and contacts in other forms.

use super::*;

const BODY: &str = "\n\nExperience\nOffice Manager, Oak Ltd, 2015 - 2018\n- ran the office\n";

fn head(line: &str) -> String {
    let clean = resume(&format!("Quill Placeholder\n{line}{BODY}"))
        .clean
        .replace('\u{fffc}', "");
    clean.split("Experience").next().unwrap_or_default().trim().to_owned()
}

#[test]
fn lines_of_personal_data_go() {
    for line in [
        "12.12.1999, British, single",
        "1988-02-03, Chinese, Married",
        "1st Oct 1985, Nigerian, Married",
        "May 3, 1995, American, Single",
        "b. 1990",
        "Jahrgang 1990",
        "Black African, Zimbabwean by birth",
        "Indian passport",
        "Wheelchair user",
        "Tempat/Tgl lahir: Bandung, 3 Mei 1990",
        "Stav: vdaná",
        "Ημ. γέννησης: 3/5/1990",
        "Seaman's Book No: HR123456",
        "insta: quill.p",
        "quill dot placeholder at post dot example",
        "quill.placeholder@\npost.example",
        "Mob.no.9848022338",
        "P.O Box 30197-00100, Nairobi\nquill@post.example",
        "Unit 3, 15 Smith St, Footscray VIC 3011\nquill@post.example",
        "Flat No 302, Sai Residency, Kothrud, Pune-411038\nquill@post.example",
    ] {
        assert_eq!(head(line), "", "{line}");
    }
}

#[test]
fn personal_data_in_sentences_goes() {
    for (line, kept) in [
        ("I live at 14 Church Lane, Hull.", "I live at ."),
        (
            "Office manager living at 14 Church Lane, Hull HU17 8DN.",
            "Office manager living at .",
        ),
        ("Cook living at Musterstr. 5, 80331 München.", "Cook living at ."),
        ("I live in Lanewick near the mill.", "I live in  near the mill."),
        ("Married British office manager with two children.", "office manager ."),
        ("I am a practising Catholic.", "I am a ."),
        ("I am deaf and use BSL", "I am  and use BSL"),
        ("NI number QQ 12 34 56 C", "NI number"),
    ] {
        assert_eq!(head(line), kept, "{line}");
    }
}

#[test]
fn what_is_like_personal_data_stays() {
    for line in [
        "Cared for people living in care homes",
        "Nurse for families living at home",
        "Processed Indian passport applications",
        "Scottish heritage sites, tours",
        "Care of a transgender woman of colour",
        "Taught deaf pupils, and blind ones",
        "Built a single span bridge",
        "Single Spanish recipes",
        "* 2008",
        "F 2008",
        "German, 15",
        "Worked at the mill dot by dot",
        "Aadhaar services for 1234 clients",
    ] {
        let text = format!("Office Manager\n\nSummary\n{line}{BODY}");
        assert_eq!(resume(&text).clean, text);
    }
}
