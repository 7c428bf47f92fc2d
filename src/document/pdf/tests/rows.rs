//! Boxes side by side, rows of a table, and cells of which the text is wrapped.

use super::*;

fn column(x: f64, y: f64, texts: &[&str]) -> String {
    lines(x, y, 14.0, texts)
}

#[test]
fn boxes_are_read_one_after_the_other() {
    // Two and three groups of skills or languages, each drawn as a whole.
    let content = column(72.0, 700.0, &["English", "Fluent"]) + &column(300.0, 700.0, &["Irish", "Native"]);
    assert_eq!(read(&content), "English\nFluent\n\nIrish\nNative");
    let content = at(72.0, 720.0, "F2", 14.0, "SKILLS")
        + &column(72.0, 700.0, &["Design", "Figma", "Sketch"])
        + &column(220.0, 700.0, &["Code", "Html"])
        + &column(370.0, 700.0, &["Tools", "Git", "Jira"]);
    assert_eq!(
        read(&content),
        "SKILLS\n\nDesign\nFigma\nSketch\n\nCode\nHtml\n\nTools\nGit\nJira"
    );
    // Lists below their titles.
    let content = column(72.0, 700.0, &["Service"])
        + &column(90.0, 686.0, &["\u{95} Selling", "\u{95} Care"])
        + &column(300.0, 700.0, &["Tools"])
        + &column(318.0, 686.0, &["\u{95} Git", "\u{95} Jira"]);
    assert_eq!(
        read(&content),
        "Service\n\u{2022} Selling\n\u{2022} Care\n\nTools\n\u{2022} Git\n\u{2022} Jira"
    );
    // Rows that are drawn one after the other are rows, and dates are beside their lines.
    let content = column(72.0, 700.0, &["English"])
        + &column(300.0, 700.0, &["Fluent"])
        + &column(72.0, 686.0, &["Irish"])
        + &column(300.0, 686.0, &["Native"]);
    assert_eq!(read(&content), "English\tFluent\nIrish\tNative");
    let content =
        column(72.0, 700.0, &["Cook, Hollow Oak", "Lanewick"]) + &column(400.0, 700.0, &["2015 - 2019", "Full time"]);
    assert_eq!(read(&content), "Cook, Hollow Oak\t2015 - 2019\nLanewick\tFull time");
    // A heading of two lines is beside the text of its section.
    let section = [
        "Cold corals under acid stress, a study of reefs and",
        "of the fish that live in them, in two oceans.",
    ];
    let content = column(72.0, 700.0, &["Selected", "Publications"]) + &column(200.0, 700.0, &section);
    assert!(!read(&content).contains("Selected\nPublications"), "{}", read(&content));
}

#[test]
fn years_beside_titles_that_look_continued_are_rows() {
    let titles = [
        "Certified Solutions Architect and Operations Professional, Hollow Oak Web Services",
        "Certified Security Architect and Operations Professional, Hollow Oak Web Services",
        "Certified Network Architect and Operations Professional, Hollow Oak Web Services",
        "Certified Database Architect and Operations Professional, Hollow Oak Web Services",
    ];
    let content: String = titles
        .iter()
        .enumerate()
        .map(|(index, title)| {
            let y = 700.0 - 14.0 * index as f64;
            at(60.0, y, "F1", 10.0, &format!("{}", 2020 + index)) + &at(95.0, y, "F1", 10.0, title)
        })
        .collect();
    let text = read(&content);
    for (index, title) in titles.iter().enumerate() {
        assert!(
            text.lines()
                .any(|line| line.starts_with(&(2020 + index).to_string()) && line.ends_with(title)),
            "{text}"
        );
    }
}

#[test]
fn a_cell_that_is_wrapped_is_one_text() {
    let content = at(72.0, 700.0, "F1", 11.0, "Atlantic University of the West and")
        + &at(72.0, 686.0, "F1", 11.0, "Isles")
        + &at(265.0, 700.0, "F1", 11.0, "2012 - 2016")
        + &at(
            72.0,
            640.0,
            "F1",
            11.0,
            "Studied nursing and the care of children in two hospitals.",
        );
    assert!(
        read(&content).starts_with("Atlantic University of the West and Isles\t2012 - 2016\n"),
        "{}",
        read(&content)
    );
    // A firm below a title has room beside it.
    let content = at(72.0, 700.0, "F1", 11.0, "Senior Cook")
        + &at(72.0, 686.0, "F1", 11.0, "Hollow Oak")
        + &at(400.0, 700.0, "F1", 11.0, "2012 - 2016");
    assert_eq!(read(&content), "Senior Cook\t2012 - 2016\nHollow Oak");
}

#[test]
fn a_rule_below_one_column_does_not_end_the_other() {
    let left = [
        "Invent a classroom tool",
        "Design the architecture",
        "Lead the development",
        "Test the results",
        "Ship it",
    ];
    let right = ["Bremen", "Meteor", "Blaze", "Git"];
    // The rule reaches a little beyond the column that it is drawn below.
    let content = column(40.0, 700.0, &left) + &column(400.0, 703.0, &right) + "386 649 180 0.5 re f\n";
    let text = read(&content);
    assert_eq!(text, format!("{}\n\n{}", left.join("\n"), right.join("\n")));
}

#[test]
fn list_items_are_wrapped_beside_dates() {
    let mut content = String::new();
    let mut y = 700.0;
    for town in ["Lanewick", "Dunmouth"] {
        content +=
            &(at(60.0, y, "F1", 10.0, &format!("Engineer, {town} Works")) + &at(450.0, y, "F1", 10.0, "2015 - 2019"));
        for item in [
            [
                "\u{95} Oversaw nine hundred engineers and managers working on Hollow",
                "Oak Maps and Hollow Oak Places",
            ],
            [
                "\u{95} Appointed by the founder of the works to lead the product and",
                "User Interaction teams of the county",
            ],
        ] {
            content += &at(60.0, y - 14.0, "F1", 10.0, item[0]);
            content += &at(66.3, y - 28.0, "F1", 10.0, item[1]);
            y -= 28.0;
        }
        y -= 28.0;
    }
    let text = read(&content);
    assert!(
        text.contains("working on Hollow Oak Maps and Hollow Oak Places\n"),
        "{text}"
    );
    assert!(
        text.contains("to lead the product and User Interaction teams"),
        "{text}"
    );
}

#[test]
fn a_line_across_both_columns_is_read_as_a_whole() {
    let (left, right) = (
        ["Invent a tool", "Design it", "Test it", "Ship it"],
        ["Bremen", "Meteor", "Blaze", "Git"],
    );
    let content = at(
        40.0,
        730.0,
        "F1",
        11.0,
        "Quill Placeholder, engineer of tools for classrooms and for halls of all kinds",
    ) + &at(455.0, 730.0, "F1", 11.0, "Lanewick")
        + &column(40.0, 700.0, &left)
        + &column(400.0, 700.0, &right);
    let text = read(&content);
    assert!(
        text.lines()
            .next()
            .is_some_and(|line| line.ends_with("of all kinds\tLanewick")),
        "{text}"
    );
    assert!(text.ends_with(&right.join("\n")), "{text}");
}

#[test]
fn labels_with_dates_below_them_are_beside_their_texts() {
    let mut content = String::new();
    for (y, labels, texts) in [
        (
            700.0,
            ["Work history", "2015 - 2019"].as_slice(),
            ["Cook, Hollow Oak", "Ran the kitchen of a large hotel", "Led nine cooks"].as_slice(),
        ),
        (
            640.0,
            &["Education", "2010 - 2013"],
            &["Lanewick College", "Cooking and baking", "With honours"],
        ),
        (580.0, &["Languages"], &["English, Irish"]),
        (520.0, &["Awards", "Golden Spoon", "2018"], &["Guild of Cooks"]),
    ] {
        for (index, label) in labels.iter().enumerate() {
            content += &at(60.0, y - 3.0 - 20.0 * index as f64, "F1", 9.0, label);
        }
        content += &column(220.0, y, texts);
    }
    let text = read(&content);
    let places: Vec<usize> = [
        "2015 - 2019",
        "Cook, Hollow",
        "Education",
        "Lanewick",
        "Languages",
        "Irish",
        "Awards",
        "Golden",
        "Guild",
    ]
    .iter()
    .map(|part| text.find(part).unwrap())
    .collect();
    assert!(places.is_sorted(), "{text}");
}
