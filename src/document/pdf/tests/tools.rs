//! Forms that the files of Word, Google Docs, Canva, LinkedIn and Europass have.

use super::layout::SENTENCES;
use super::*;

/// A text from one edge to the other, as justified text is: its gaps are as wide as needed.
fn stretched(x: f64, y: f64, gap: f64, words: &[&str]) -> String {
    let spacing = gap - 0.278 * 11.0;
    format!(
        "BT /F1 11 Tf {spacing} Tw 1 0 0 1 {x} {y} Tm ({}) Tj 0 Tw ET\n",
        words.join(" ")
    )
}

#[test]
fn invisible_letters_over_their_drawings_are_read() {
    let text = "3 Tr BT /F1 20 Tf 1 0 0 1 60 700 Tm (III) Tj ET 0 Tr\n";
    let shapes: String = (0..3)
        .map(|index| format!("{} 699.6 2.6 15.2 re\n", 61.5 + 5.56 * f64::from(index)))
        .collect();
    let body = at(60.0, 600.0, "F1", 11.0, "Cook");
    let seen = |content: &str| read(&format!("{content}{body}"));
    assert_eq!(seen(&format!("{shapes} f\n{text}")), "III\n\nCook");
    // The same without drawings, with drawings that are not visible, and with a drawing of something else.
    for shapes in [
        String::new(),
        format!("1 g {shapes} f 0 g\n"),
        "60 690 200 40 re f\n".to_owned(),
        "62 700 m 80 712 l 70 720 l h f\n".to_owned(),
    ] {
        let content = format!("{shapes}{text}");
        assert_eq!(seen(&content), "Cook", "{shapes}");
    }
}

#[test]
fn justified_lines_have_no_cells() {
    let content = at(60.0, 780.0, "F1", 11.0, "Ran the kitchen of a school, and")
        + &stretched(60.0, 766.0, 31.0, &["cooked", "for", "all", "pupils"])
        + &at(60.0, 752.0, "F1", 11.0, "of nine classes.");
    assert!(!read(&content).contains('\t'), "{}", read(&content));
    // Cells at the same distance are not a sentence.
    let content =
        at(60.0, 780.0, "F1", 11.0, "Skills") + &stretched(60.0, 766.0, 40.0, &["Welding", "Milling", "Turning"]);
    assert_eq!(read(&content), "Skills\nWelding\tMilling\tTurning");
}

#[test]
fn lines_of_a_profile_are_separate() {
    let grey = |content: String| format!("0.7 g {content} 0 g ");
    let content = String::from("0.16 0.24 0.29 rg 0 0 190 842 re f 1 g\n")
        + &at(20.0, 780.0, "F1", 13.0, "Contact")
        + &at(20.0, 760.0, "F1", 9.0, "www.linkedin.example/in/quill-")
        + &at(20.0, 748.0, "F1", 9.0, "placeholder")
        + &at(20.0, 720.0, "F1", 13.0, "Top Skills")
        + &at(20.0, 700.0, "F1", 9.0, "Welding")
        + &at(20.0, 684.0, "F1", 9.0, "Certified Stainless Steel")
        + &at(20.0, 672.0, "F1", 9.0, "Inspector")
        + &at(20.0, 656.0, "F1", 9.0, "Sheet metal")
        + "0 g\n"
        + &at(220.0, 780.0, "F1", 24.0, "Quill Placeholder")
        + &at(
            220.0,
            760.0,
            "F1",
            12.0,
            "Welder of bridges, ships and tanks | Inspector of works",
        )
        + &grey(at(220.0, 744.0, "F1", 12.0, "Lanewick"))
        + &at(220.0, 700.0, "F1", 15.0, "Experience")
        + &at(
            220.0,
            680.0,
            "F1",
            12.0,
            "Institute of Welding, Inspection and Testing of Lanewick",
        )
        + &at(220.0, 664.0, "F1", 11.5, "Inspector")
        + &at(220.0, 649.0, "F1", 10.5, "May 2014 - June 2019 (5 years 2 months)")
        + &at(370.0, 20.0, "F1", 9.0, "Page 1 of 1");
    let expected = "Contact\nwww.linkedin.example/in/quill-placeholder\n\nTop Skills\nWelding\nCertified Stainless Steel \
         Inspector\nSheet metal\n\nQuill Placeholder\n\nWelder of bridges, ships and tanks | Inspector of \
         works\nLanewick\n\nExperience\n\nInstitute of Welding, Inspection and Testing of Lanewick\nInspector\nMay 2014 - June \
         2019 (5 years 2 months)";
    assert_eq!(read(&content), expected);
}

#[test]
fn dates_above_the_titles_at_their_right_are_before_them() {
    let mut content = at(50.0, 770.0, "F2", 11.0, "WORK EXPERIENCE");
    for (index, (title, date)) in [
        ("Intern", "[ 01/03/2023 - Current ]"),
        ("Cook", "[ 07/07/2020 - 24/09/2021 ]"),
        ("Waiter", "[ 31/05/2019 - 29/08/2019 ]"),
    ]
    .into_iter()
    .enumerate()
    {
        let y = 750.0 - 110.0 * index as f64;
        content += &at(20.0, y, "F1", 10.0, date);
        content += &at(170.0, y - 7.0, "F2", 11.0, title);
        content += &at(170.0, y - 26.0, "F1", 10.0, "Kestrel Works");
        content += &lines(170.0, y - 44.0, 12.0, &SENTENCES[..4]);
    }
    let text = read(&content);
    let titles = text.lines().filter(|line| ["Intern", "Cook", "Waiter"].contains(line));
    assert_eq!(titles.count(), 3, "{text}");
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    for title in ["Intern", "Cook", "Waiter"] {
        let place = lines.iter().position(|line| *line == title).unwrap();
        assert!(lines[place - 1].starts_with("[ "), "{text}");
    }
}

#[test]
fn lines_of_paragraphs_can_be_indented() {
    let content = at(60.0, 780.0, "F1", 11.0, "Edit and update the maps of all")
        + &at(90.0, 766.0, "F1", 11.0, "roads of the county")
        + &at(60.0, 752.0, "F1", 11.0, "Provide analysis for the plans of")
        + &at(90.0, 738.0, "F1", 11.0, "projects across the county")
        + &at(60.0, 724.0, "F1", 11.0, "Design the forms of surveys and")
        + &at(90.0, 710.0, "F1", 11.0, "their tables");
    assert_eq!(
        read(&content),
        "Edit and update the maps of all roads of the county\nProvide analysis for the plans of projects across the \
         county\nDesign the forms of surveys and their tables"
    );
}

#[test]
fn a_circle_can_be_the_sign_of_a_list_item() {
    let content = at(72.0, 780.0, "F1", 11.0, "\u{95} Machines:")
        + &at(90.0, 766.0, "F3", 11.0, "o")
        + &at(108.0, 766.0, "F1", 11.0, "Lathes")
        + &at(90.0, 752.0, "F3", 11.0, "o")
        + &at(108.0, 752.0, "F1", 11.0, "Mills");
    assert_eq!(read(&content), "\u{2022} Machines:\n\u{2022} Lathes\n\u{2022} Mills");
}

#[test]
fn labels_and_addresses_begin_lines() {
    for contact in [
        ["Address: 14 Harbour Lane, Lanewick, Westshire", "Phone: 0700 900 461"],
        ["Web: https://quill.example/placeholder/about/", "14 Harbour Lane"],
        ["quill.placeholder@kestrelpost.example", "14 Harbour Lane, Lanewick"],
    ] {
        let content = lines(60.0, 780.0, 14.0, &contact) + &lines(60.0, 700.0, 14.0, &[SENTENCES[0]]);
        assert_eq!(read(&content), format!("{}\n\n{}", contact.join("\n"), SENTENCES[0]));
    }
    // An address that has no room is broken anywhere.
    let content = lines(60.0, 780.0, 14.0, &["quill.placeholder@kestrelpost.co", "m"]);
    assert_eq!(read(&content), "quill.placeholder@kestrelpost.com");
}

#[test]
fn cells_go_on_below() {
    let content = at(60.0, 780.0, "F1", 11.0, "02.2013 - 08.2013")
        + &at(220.0, 780.0, "F1", 11.0, "Nurse at the")
        + &at(220.0, 766.0, "F1", 11.0, "clinic of Lanewick")
        + &at(60.0, 740.0, "F1", 11.0, "School of Lanewick, Westshire")
        + &at(400.0, 740.0, "F1", 11.0, "Jul 2018 -")
        + &at(60.0, 726.0, "F1", 11.0, "Jun 2022");
    assert_eq!(
        read(&content),
        "02.2013 - 08.2013\tNurse at the clinic of Lanewick\n\nSchool of Lanewick, Westshire\tJul 2018 - Jun 2022"
    );
}

#[test]
fn footers_with_page_numbers_are_left_out() {
    let page = |number: usize, y: f64| {
        lines(60.0, y, 14.0, &SENTENCES)
            + &at(60.0, 30.0, "F1", 9.0, "8/11/19")
            + &at(200.0, 30.0, "F1", 9.0, "Curriculum of Q. Placeholder")
            + &at(500.0, 30.0, "F1", 9.0, &format!("Page {number} / 2"))
    };
    let file = File {
        pages: vec![page(1, 700.0), page(2, 780.0)],
        ..File::default()
    };
    let paragraph = SENTENCES.join(" ");
    assert_eq!(file.read().text, format!("{paragraph}\n\n{paragraph}"));
}

#[test]
fn turned_headings_come_before_their_sections() {
    let mut content = String::new();
    for (index, heading) in ["Experience", "Education", "Skills"].into_iter().enumerate() {
        let y = 760.0 - 160.0 * index as f64;
        content += &lines(100.0, y, 14.0, &SENTENCES);
        content += &format!("BT /F2 12 Tf 0 1 -1 0 60 {} Tm ({heading}) Tj ET\n", y - 65.0);
    }
    let paragraph = SENTENCES.join(" ");
    let section = |heading: &str| format!("{heading}\n\n{paragraph}");
    assert_eq!(
        read(&content),
        [section("Experience"), section("Education"), section("Skills")].join("\n\n")
    );
    // The same from top to bottom.
    let turned = content.replace("0 1 -1 0 60", "0 -1 1 0 60");
    assert!(read(&turned).starts_with("Experience\n\nBuilt"), "{}", read(&turned));
}

#[test]
fn icons_before_contacts_are_no_list_signs() {
    // A font of drawings without characters.
    let font = "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 600 700] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 33 /LastChar 33 \
         /Widths [600] /Encoding << /Type /Encoding /Differences [33 /drawing] >> /CharProcs << /drawing 100 0 R >> >>";
    let icon = |x: f64, y: f64| at(x, y, "F4", 11.0, "!");
    let content = at(60.0, 780.0, "F1", 16.0, "Quill Placeholder")
        + &icon(60.0, 760.0)
        + &at(72.0, 760.0, "F1", 11.0, "quill@kestrelpost.example")
        + &icon(60.0, 744.0)
        + &at(72.0, 744.0, "F1", 11.0, "July 2012 - June 2019")
        + &icon(250.0, 744.0)
        + &at(262.0, 744.0, "F1", 11.0, "Lanewick")
        + &icon(60.0, 700.0)
        + &at(72.0, 700.0, "F1", 11.0, "Built nine bridges");
    let file = File {
        fonts: "/F4 101 0 R ".to_owned(),
        ..File::page(&content)
    };
    let file = file.stream(100, "", "600 0 0 0 500 650 d1 0 0 500 650 re f");
    assert_eq!(
        file.object(101, font).read().text,
        "Quill Placeholder\n\nquill@kestrelpost.example\nJuly 2012 - June 2019\tLanewick\n\n\u{2022} Built nine bridges"
    );
}

#[test]
fn the_last_of_the_contacts_above_columns_belongs_to_them() {
    let mut content = at(40.0, 790.0, "F2", 22.0, "Quill Placeholder")
        + &at(40.0, 766.0, "F1", 9.0, "@ quill@kestrelpost.example")
        + &at(190.0, 766.0, "F1", 9.0, "0700 900 461")
        + &at(270.0, 766.0, "F1", 9.0, "14 Harbour Lane")
        + &at(390.0, 766.0, "F1", 9.0, "Lanewick");
    content += &at(40.0, 730.0, "F2", 14.0, "EXPERIENCE");
    content += &lines(
        40.0,
        708.0,
        14.0,
        &[
            "Kestrel Works",
            "Built nine road bridges of steel",
            "and led crews of nine people through",
            "two winters",
        ],
    );
    content += &at(360.0, 734.0, "F2", 14.0, "SKILLS");
    content += &lines(
        360.0,
        716.0,
        13.0,
        &["Welding of steel", "Milling", "Planning of works", "Surveys"],
    );
    let text = read(&content);
    assert!(
        text.starts_with("Quill Placeholder\n\nquill@kestrelpost.example\t0700 900 461\t14 Harbour Lane\tLanewick\n"),
        "{text}"
    );
    let place = |word: &str| text.find(word).unwrap();
    assert!(
        place("EXPERIENCE") < place("two winters") && place("two winters") < place("SKILLS"),
        "{text}"
    );
}

#[test]
fn shapes_without_measure_cost_no_memory() {
    for operator in ["f", "S"] {
        let far = "9".repeat(24);
        let shape = format!("1 g 1 G 0 0 m {far} 0 0 -{far} 50 {far} c h {operator} 0 g\n");
        assert!(read(&(shape + &at(60.0, 700.0, "F1", 11.0, "Cook"))).contains("Cook"));
    }
}

#[test]
fn a_narrow_block_is_one_paragraph_below_its_heading() {
    let block = [
        "Abilities",
        "Wound-management with the",
        "Palliative care, planning",
        "Rotas and the training of",
        "Carers, leading of wards,",
        "Reports",
    ];
    let expected = format!("Abilities\n{}", block[1..].join(" "));
    assert_eq!(read(&lines(60.0, 780.0, 14.0, &block)), expected);
}
