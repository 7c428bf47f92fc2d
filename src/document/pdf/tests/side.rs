//! Text at the side of other text: dates, headings, addresses; and text from right to left.

use super::super::direction;
use super::*;

#[test]
fn a_date_of_several_lines_in_its_column_is_one_date() {
    for date in [
        ["09/2009 \u{96}", "07/2014"].as_slice(),
        &["Jan '20 \u{96}", "Present"],
        &["Oktober 2013", "bis 04/2019"],
        &["September", "2017 - July", "2019"],
    ] {
        let mut content = String::new();
        for (index, part) in date.iter().enumerate() {
            content += &at(60.0, 700.0 - 13.0 * index as f64, "F1", 10.0, part);
        }
        content += &at(150.0, 700.0, "F1", 10.0, "Fitter, Hollow Oak Ltd");
        content += &at(
            150.0,
            687.0 - 13.0 * (date.len() - 1) as f64,
            "F1",
            10.0,
            "Wired nine offices and two halls.",
        );
        content += &at(60.0, 640.0, "F1", 10.0, "2006 - 2009");
        content += &at(150.0, 640.0, "F1", 10.0, "Apprentice, Hollow Oak Ltd");
        let text = read(&content);
        let whole = date.join(" ").replace('\u{96}', "\u{2013}");
        assert!(text.contains(&format!("{whole}\tFitter, Hollow Oak Ltd")), "{text}");
        assert!(text.contains("2006 - 2009\tApprentice"), "{text}");
    }
}

#[test]
fn a_date_of_several_lines_at_the_right_is_one_date() {
    let content = at(60.0, 700.0, "F1", 10.0, "Postdoctoral Fellow")
        + &at(435.0, 700.0, "F1", 10.0, "January 2014 - May")
        + &at(60.0, 687.0, "F1", 10.0, "Kestrel Laboratory, Dunmouth")
        + &at(435.0, 687.0, "F1", 10.0, "2017");
    let text = read(&content);
    assert_eq!(
        text,
        "Postdoctoral Fellow\tJanuary 2014 - May 2017\nKestrel Laboratory, Dunmouth"
    );
    // A town above a date is not part of it.
    let content = at(60.0, 700.0, "F1", 10.0, "Kestrel Laboratory")
        + &at(435.0, 700.0, "F1", 10.0, "Dunmouth")
        + &at(60.0, 687.0, "F1", 10.0, "Postdoctoral Fellow")
        + &at(435.0, 687.0, "F1", 10.0, "2014 - 2017");
    let text = read(&content);
    assert_eq!(text, "Kestrel Laboratory\tDunmouth\nPostdoctoral Fellow\t2014 - 2017");
}

/// A bar with contacts and skills, a column of dates, and the jobs.
#[test]
fn dates_between_a_bar_and_their_jobs_stay_beside_the_jobs() {
    for (bar, step) in [("0.27 0.33 0.42 rg 0 0 180 842 re f 1 g\n", 19.0), ("", 15.0)] {
        let mut content = bar.to_owned() + &at(30.0, 790.0, "F1", 13.0, "Quill Placeholder");
        let side = [
            "Born: 04.02.1996",
            "7 Canal Square",
            "Lanewick",
            "LANGUAGES",
            "German",
            "English",
            "INTERESTS",
            "Climbing",
            "Chess",
            "SKILLS",
            "Excel",
            "SAP",
            "Forklifts",
        ];
        for (index, line) in side.iter().enumerate() {
            content += &at(30.0, 740.0 - step * index as f64, "F1", 9.0, line);
        }
        content += "0 g\n";
        content += &at(200.0, 775.0, "F2", 14.0, "Employment history of work");
        let jobs = [
            (["03/2021 -", "12/2023"], "Warehouse lead", "Hollow Oak Ltd"),
            (["05/2018 -", "02/2021"], "Dispatcher", "Kestrel Haulage"),
            (["09/2015 -", "04/2018"], "Apprentice clerk", "Skerry Bay Port"),
        ];
        for (index, (dates, title, firm)) in jobs.iter().enumerate() {
            let y = 748.0 - 62.0 * index as f64;
            content += &at(200.0, y, "F2", 9.5, dates[0]);
            content += &at(200.0, y - 12.0, "F2", 9.5, dates[1]);
            content += &at(285.0, y, "F2", 9.5, title);
            content += &at(285.0, y - 12.0, "F1", 9.5, firm);
        }
        let text = read(&content);
        for (dates, title, _) in jobs {
            let from = text.find(dates[0]).unwrap();
            let until = text[from..].find(title);
            assert!(until.is_some_and(|gap| gap < 30), "{text}");
        }
        for line in text.lines() {
            let mixed =
                side.iter().any(|part| line.contains(part)) && jobs.iter().any(|(_, title, _)| line.contains(title));
            assert!(!mixed, "{line:?} in {text}");
        }
    }
}

#[test]
fn headings_at_the_side_come_before_their_sections() {
    let mut content = String::new();
    let mut y = 780.0;
    for (heading, lines) in [
        (
            ["Research", "Experience"].as_slice(),
            ["Scientist, Skerry Bay", "Led a group of five.", "Won two grants."].as_slice(),
        ),
        (&["Education"], &["Doctor of Biology", "Master of Zoology"]),
        (&["Selected", "Papers"], &["Corals under stress.", "Counting polyps."]),
        (&["Methods"], &["Microscopy, sequencing"]),
    ] {
        for (index, part) in heading.iter().enumerate() {
            content += &at(45.0, y - 13.0 * index as f64, "F2", 10.0, part);
        }
        for (index, line) in lines.iter().enumerate() {
            // The first line can be bold, too.
            let font = if index == 0 && heading.len() == 1 { "F2" } else { "F1" };
            content += &at(145.0, y - 18.0 * index as f64, font, 10.0, line);
        }
        content += &at(480.0, y, "F1", 10.0, "since 2017");
        y -= 18.0 * lines.len() as f64 + 12.0;
    }
    let text = read(&content);
    let found: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    let place = |wanted: &str| found.iter().position(|line| *line == wanted);
    let first = place("Research Experience").unwrap_or_else(|| panic!("{text}"));
    assert_eq!(found[first + 1], "Scientist, Skerry Bay\tsince 2017");
    let papers = place("Selected Papers").unwrap_or_else(|| panic!("{text}"));
    assert!(
        place("Education") < Some(papers) && place("Won two grants.") < place("Education"),
        "{text}"
    );
    assert!(place("Methods") > place("Counting polyps."), "{text}");
}

#[test]
fn an_address_beside_the_name_comes_before_the_text() {
    let mut content = at(60.0, 780.0, "F1", 24.0, "Quill Placeholder");
    for (index, line) in ["12 Harbour Lane", "020 7946 0958", "quill@placeholder.example"]
        .iter()
        .enumerate()
    {
        content += &at(400.0, 782.0 - 11.0 * index as f64, "F1", 9.0, line);
    }
    content += &at(130.0, 700.0, "F1", 14.0, "Experience");
    for index in 0..6 {
        let y = 680.0 - 30.0 * f64::from(index);
        content += &at(60.0, y, "F1", 10.0, &format!("{}", 2020 - index));
        content += &at(130.0, y, "F1", 10.0, "Fitter, Hollow Oak Ltd");
        content += &at(130.0, y - 13.0, "F1", 10.0, "Wired nine offices.");
    }
    let text = read(&content);
    let order = [
        "Quill Placeholder",
        "12 Harbour Lane",
        "quill@",
        "Experience",
        "2020",
        "Fitter",
    ];
    let places: Vec<_> = order.iter().map(|part| text.find(part)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{text}");
}

#[test]
fn tags_separate_paragraphs_that_nothing_else_does() {
    let paragraph = |number: usize, y: f64, lines: &[&str]| {
        format!(
            "/P << /MCID {number} >> BDC\n{}EMC\n",
            super::lines(72.0, y, 14.0, lines)
        )
    };
    let long = "Built nine road bridges of concrete and steel for the county board";
    let content = paragraph(
        0,
        780.0,
        &[
            "Moved the accounts of nine towns to one system and trained their",
            "clerks",
        ],
    ) + &paragraph(1, 752.0, &[long])
        + &paragraph(
            2,
            738.0,
            &["Launched the network of nine towns and the office of their board"],
        );
    let text = read(&content);
    assert!(text.contains("their clerks\n"), "{text}");
    assert!(text.contains(&format!("{long}\nLaunched")), "{text}");
}

#[test]
fn signs_at_the_left_of_text_from_right_to_left_come_first() {
    let words = |words: &[&str]| -> Vec<String> { words.iter().map(|word| (*word).to_owned()).collect() };
    let (first, second) = (
        "\u{645}\u{62a}\u{627}\u{628}\u{639}\u{629}",
        "\u{627}\u{644}\u{630}\u{645}\u{645}",
    );
    let drawn = |word: &str| word.chars().rev().collect::<String>();
    let (left, right) = (drawn(second), drawn(first));
    let read = format!("{first} {second}");
    assert_eq!(direction::logical(&words(&[&left, &right])), read);
    assert_eq!(
        direction::logical(&words(&["\u{2022}", &left, &right])),
        format!("\u{2022} {read}")
    );
    assert_eq!(
        direction::logical(&words(&[&left, &right, "\u{2022}"])),
        format!("\u{2022} {read}")
    );
    assert_eq!(
        direction::logical(&words(&[&left, &format!("{right}.")])),
        format!("{read}.")
    );
}

#[test]
fn a_long_address_juts_out_of_its_column() {
    let contact = [
        "CONTACT",
        "Lanewick",
        "312 555 0184",
        "networks.example/in/quillplaceholder",
        "Concrete design",
        "AutoCAD",
    ];
    let content = lines(40.0, 780.0, 22.0, &contact) + &lines(218.0, 780.0, 15.0, &super::layout::SENTENCES);
    let text = read(&content);
    let plain = super::layout::SENTENCES.join(" ");
    assert!(
        text.contains(&plain) && text.find("AutoCAD") < text.find(&plain),
        "{text}"
    );
    assert!(text.contains("0184\nnetworks"), "{text}");
}

#[test]
fn a_hyphen_behind_a_number_is_kept() {
    let broken = ["Nursed nine years at the bedside in a 24-", "bed unit of the county."];
    assert_eq!(
        read(&lines(60.0, 700.0, 14.0, &broken)),
        "Nursed nine years at the bedside in a 24-bed unit of the county."
    );
}

#[test]
fn labels_in_the_middle_of_their_rows_come_before_them() {
    let mut content = at(150.0, 800.0, "F1", 16.0, "Quill Placeholder");
    let mut y = 760.0;
    for (label, lines) in [
        (
            &["CONTACT"][..],
            &["020 7946 0958", "quill@placeholder.example", "Lanewick"][..],
        ),
        (
            &["WORK EXPERIENCE", "2019 TO PRESENT"],
            &["Fitter", "Wired nine offices.", "Trained two."],
        ),
        (&["2016 TO 2019"], &["Driver", "Delivered bread to thirty shops."]),
        (&["EDUCATION"], &["Hollow Oak School", "Certificate in wiring"]),
    ] {
        let height = 12.0 * (lines.len() as f64 - 1.0);
        for (index, part) in label.iter().enumerate() {
            let middle = y - height / 2.0 + 5.0 * (label.len() as f64 - 1.0);
            content += &at(40.0, middle + 1.5 - 10.0 * index as f64, "F1", 8.0, part);
        }
        for (index, line) in lines.iter().enumerate() {
            content += &at(150.0, y - 12.0 * index as f64, "F1", 9.0, line);
        }
        y -= height + 34.0;
    }
    let text = read(&content);
    let order = [
        "CONTACT",
        "020 7946",
        "Lanewick",
        "WORK EXPERIENCE",
        "2019 TO",
        "Fitter",
        "2016 TO",
        "Driver",
        "EDUCATION",
        "Hollow",
    ];
    let places: Vec<_> = order.iter().map(|part| text.find(part)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{text}");
}

#[test]
fn a_single_heading_hangs_in_the_margin() {
    let mut content = at(70.0, 700.0, "F1", 14.0, "Work") + &at(120.0, 700.0, "F2", 12.0, "Senior Fitter");
    for index in 0..8 {
        content += &at(
            120.0,
            684.0 - 14.0 * f64::from(index),
            "F1",
            10.0,
            "Wired nine offices of the county.",
        );
    }
    let text = read(&content);
    assert!(
        text.starts_with("Work\n") && text.contains("\nSenior Fitter\n"),
        "{text}"
    );
}

#[test]
fn an_address_of_mail_is_broken_anywhere() {
    let column = ["quill@placeholderpos", "t.example", "Lanewick"];
    let content = lines(40.0, 780.0, 12.0, &column) + &lines(218.0, 780.0, 15.0, &super::layout::SENTENCES);
    let text = read(&content);
    assert!(text.contains("quill@placeholderpost.example\n"), "{text}");
}

#[test]
fn a_long_name_has_two_lines() {
    let content = at(60.0, 780.0, "F1", 24.0, "Quill Narayanan")
        + &at(60.0, 752.0, "F1", 24.0, "Placeholder")
        + &lines(
            60.0,
            700.0,
            14.0,
            &["Fitter in Lanewick", "Wired nine offices", "Trained two fitters"],
        );
    let text = read(&content);
    assert!(text.starts_with("Quill Narayanan Placeholder\n"), "{text}");
}

#[test]
fn dates_beside_the_first_task_belong_to_the_job() {
    let mut content = String::new();
    for (index, (job, town, date)) in [
        ("Hollow Oak Ltd, Fitter", "Lanewick", "Mar 2020 \u{96} present"),
        ("Beam Ltd, Apprentice", "Dunmouth", "Jan 2017 \u{96} Feb 2020"),
    ]
    .iter()
    .enumerate()
    {
        let y = 700.0 - 50.0 * index as f64;
        let start = |text: &str| 520.0 - 6.0 * text.chars().count() as f64;
        content += &at(60.0, y, "F3", 10.0, job);
        content += &at(start(town), y, "F3", 10.0, town);
        content += &at(70.0, y - 13.0, "F3", 10.0, "\u{95} Wired nine offices");
        content += &at(start(date), y - 13.0, "F3", 10.0, date);
        content += &at(70.0, y - 26.0, "F3", 10.0, "\u{95} Trained two fitters");
    }
    let text = read(&content);
    assert!(text.contains("Fitter\tLanewick\tMar 2020"), "{text}");
    assert!(text.contains("\u{2022} Wired nine offices\n"), "{text}");
}

#[test]
fn dates_at_the_edge_are_no_column() {
    let mut content = String::new();
    for index in 0..4 {
        let y = 700.0 - 60.0 * f64::from(index);
        content += &at(
            440.0,
            y + 7.0,
            "F1",
            9.0,
            &format!("04/{} - 03/{}", 2018 - 2 * index, 2020 - 2 * index),
        );
        content += &at(60.0, y, "F1", 10.0, "Fitter");
        content += &at(
            60.0,
            y - 14.0 - 2.0 * f64::from(index),
            "F1",
            10.0,
            "Wired nine offices of the county.",
        );
    }
    let text = read(&content);
    let (date, fitter) = (text.find("04/2012"), text.rfind("Fitter"));
    assert!(date.is_some() && date < fitter, "{text}");
}

#[test]
fn a_rule_across_columns_ends_them() {
    let mut content = at(60.0, 760.0, "F2", 10.0, "Languages") + &at(160.0, 760.0, "F2", 10.0, "Infrastructure");
    content += &at(60.0, 744.0, "F1", 9.0, "Go, Python");
    content += &at(160.0, 747.0, "F1", 9.0, "PostgreSQL, Kafka");
    content += &at(160.0, 736.0, "F1", 9.0, "Kubernetes, Terraform");
    content += "60 716 400 0.8 re f\n";
    content += &at(60.0, 700.0, "F2", 10.0, "WORK");
    content += &at(400.0, 684.0, "F1", 9.0, "Aug 2021 - Current");
    content += &at(60.0, 682.0, "F1", 12.0, "Senior Backend Engineer at Hollow Oak");
    let text = read(&content);
    let order = ["Kubernetes", "WORK", "Aug 2021"].map(|part| text.find(part));
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{text}");
}

#[test]
fn headings_at_the_side_are_found_beside_dates_and_below_a_wide_line() {
    // Headings that look like one that is alone on its line, among dates.
    let content = at(60.0, 760.0, "F2", 13.0, "Personal")
        + &at(150.0, 760.0, "F1", 10.0, "Registered Nurse")
        + &at(60.0, 720.0, "F2", 13.0, "Work history")
        + &at(60.0, 700.0, "F1", 10.0, "2015 - 2019")
        + &at(150.0, 700.0, "F1", 10.0, "Nurse, Hollow Oak Clinic")
        + &at(150.0, 687.0, "F1", 10.0, "Cared for six patients with telemetry")
        + &at(60.0, 660.0, "F1", 10.0, "2010 - 2015")
        + &at(150.0, 660.0, "F1", 10.0, "Nurse, Lanewick Clinic")
        + &at(60.0, 620.0, "F2", 13.0, "Skills")
        + &at(150.0, 620.0, "F1", 10.0, "Triage, Telemetry");
    let text = read(&content);
    for line in [
        "Personal",
        "Work history",
        "Skills",
        "2015 - 2019\tNurse, Hollow Oak Clinic",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}: {text}");
    }
    // Close to a short text, a heading is told by its size.
    let content = at(60.0, 700.0, "F1", 16.0, "Languages") + &at(155.0, 700.0, "F2", 12.0, "English");
    assert_eq!(read(&content), "Languages\n\nEnglish");
}
