//! Forms of dates and periods; how they become years of experience is tested in `experience`.

use super::*;
const TODAY: Month = Month { year: 2026, month: 11 };

fn one(text: &str) -> Option<(u32, u32, bool)> {
    let found = Dates::read(text, TODAY);
    let [period] = &found.periods[..] else { return None };
    Some((period.months.start, period.months.end, period.ongoing))
}

fn months(from: (u32, u32), until: (u32, u32)) -> (u32, u32, bool) {
    (from.0 * 12 + from.1 - 1, until.0 * 12 + until.1, false)
}

#[track_caller]
fn check(text: &str, want: Option<(u32, u32, bool)>) {
    assert_eq!(one(text), want, "{text:?} {:?}", Dates::read(text, TODAY));
}

#[test]
fn three_years_in_every_form() {
    let want = Some(months((2018, 1), (2020, 12)));
    for text in [
        "Jan 2018 - Dec 2020",
        "Jan. 2018 - Dec. 2020",
        "JAN 2018 – DEC 2020",
        "January 2018 — December 2020",
        "January 1, 2018 - December 31, 2020",
        "1 January 2018 - 31 December 2020",
        "1st Jan 2018 to 31st Dec 2020",
        "01-Jan-2018 - 31-Dec-2020",
        "01-Jan-18 - 31-Dec-20",
        "Jan 1st, 2018 - Dec 31st, 2020",
        "2018-01 - 2020-12",
        "2018-01 – 2020-12",
        "2018-01-01 - 2020-12-31",
        "2018.01 – 2020.12",
        "2018/01 - 2020/12",
        "2018.01.01-2020.12.31",
        "01.2018 - 12.2020",
        "01/2018 - 12/2020",
        "1/2018 - 12/2020",
        "01-2018 - 12-2020",
        "01/18 - 12/20",
        "01.18 - 12.20",
        "1/18 – 12/20",
        "01.01.2018 - 31.12.2020",
        "1.1.2018 – 31.12.2020",
        "1. 1. 2018 – 31. 12. 2020",
        "01/01/2018 - 12/31/2020",
        "01/01/2018 - 31/12/2020",
        "01/01/18 - 12/31/20",
        "01.01.18 – 31.12.20",
        "01-01-2018 - 31-12-2020",
        "Jan '18 - Dec '20",
        "Jan ’18 – Dec ’20",
        "Jan-18 - Dec-20",
        "Jan-2018 – Dec-2020",
        "Jan 18 - Dec 20",
        "Jan/2018 - Dec/2020",
        "January, 2018 - December, 2020",
        "January of 2018 to December of 2020",
        "2018 Jan - 2020 Dec",
        "2018, January – 2020, December",
        "Q1 2018 - Q4 2020",
        "Q1/2018 – Q4/2020",
        "2018 Q1 - 2020 Q4",
        "2018-Q1 – 2020-Q4",
        "1Q 2018 - 4Q 2020",
        "H1 2018 - H2 2020",
        "2018年1月 - 2020年12月",
        "2018年1月－2020年12月",
        "2018年1月～2020年12月",
        "2018年01月至2020年12月",
        "2018 年 1 月 – 2020 年 12 月",
        "2018年1月1日至2020年12月31日",
        "２０１８年１月〜２０２０年１２月",
        "平成30年1月～令和2年12月",
        "2018년 1월 ~ 2020년 12월",
        "2018.1 ~ 2020.12",
        "2018. 1. – 2020. 12.",
        "٢٠١٨/٠١ - ٢٠٢٠/١٢",
        "يناير 2018 - ديسمبر 2020",
        "من يناير 2018 إلى ديسمبر 2020",
        "जनवरी 2018 - दिसंबर 2020",
        "janv. 2018 - déc. 2020",
        "janvier 2018 à décembre 2020",
        "de janvier 2018 à décembre 2020",
        "1er janvier 2018 au 31 décembre 2020",
        "Du 01/01/2018 au 31/12/2020",
        "Januar 2018 bis Dezember 2020",
        "von Januar 2018 bis Dezember 2020",
        "Jan. 2018 – Dez. 2020",
        "Jän 2018 – Dez 2020",
        "1. Januar 2018 – 31. Dezember 2020",
        "enero 2018 - diciembre 2020",
        "enero de 2018 a diciembre de 2020",
        "desde enero de 2018 hasta diciembre de 2020",
        "ene. 2018 – dic. 2020",
        "1 de enero de 2018 al 31 de diciembre de 2020",
        "gennaio 2018 - dicembre 2020",
        "da gennaio 2018 a dicembre 2020",
        "gen 2018 – dic 2020",
        "dal 01/2018 al 12/2020",
        "janeiro de 2018 até dezembro de 2020",
        "jan/2018 a dez/2020",
        "jan. 2018 – dez. 2020",
        "januari 2018 tot december 2020",
        "jan. 2018 t/m dec. 2020",
        "styczeń 2018 – grudzień 2020",
        "od stycznia 2018 do grudnia 2020",
        "01.2018 do 12.2020",
        "январь 2018 – декабрь 2020",
        "с января 2018 по декабрь 2020",
        "янв. 2018 - дек. 2020",
        "Ocak 2018 - Aralık 2020",
        "OCAK 2018 – ARALIK 2020",
        "januari 2018 – december 2020",
        "leden 2018 – prosinec 2020",
        "tammikuu 2018 – joulukuu 2020",
        "ianuarie 2018 – decembrie 2020",
        "Ιανουάριος 2018 – Δεκέμβριος 2020",
        "січень 2018 – грудень 2020",
        "Jan 2018 -\nDec 2020",
        "Jan 2018\n- Dec 2020",
        "Jan 2018\nto\nDec 2020",
        "Jan 2018\nDec 2020",
        "01/2018\n12/2020",
        "Jan 2018\tDec 2020",
        "01/2018   12/2020",
        "Jan 2018 to Dec 2020",
        "Jan 2018 until Dec 2020",
        "Jan 2018 till Dec 2020",
        "Jan 2018 through Dec 2020",
        "Jan 2018 thru Dec 2020",
        "from Jan 2018 to Dec 2020",
        "From January 2018 through December 2020",
        "between January 2018 and December 2020",
        "(Jan 2018 - Dec 2020)",
        "[01/2018 – 12/2020]",
        "(Jan 2018) - (Dec 2020)",
        "Jan 2018 -- Dec 2020",
        "Jan 2018 --- Dec 2020",
        "Jan 2018 → Dec 2020",
        "Jan 2018 / Dec 2020",
        "Jan 2018-Dec 2020",
        "Jan2018-Dec2020",
        "Jan 2018 ~ Dec 2020",
        "Jan 2018 ‑ Dec 2020",
        "Jan 2018 − Dec 2020",
        "Jan\u{a0}2018\u{a0}–\u{a0}Dec\u{a0}2020",
        "Jan 2018 - Dec 2020 (3 years)",
        "Jan 2018 – Dec 2020 · 3 yrs",
        "Site Engineer, Hollow Oak Ltd, Jan 2018 - Dec 2020, Leeds",
        "**Jan 2018** - **Dec 2020**",
        "201801 - 202012",
        "20180101 - 20201231",
    ] {
        check(text, want);
    }
}

#[test]
fn periods_that_continue() {
    let want = Some((2018 * 12, TODAY.index() + 1, true));
    for text in [
        "Jan 2018 - Present",
        "Jan 2018 - present",
        "01/2018 – Current",
        "01/2018 to Current",
        "January 2018 – Now",
        "2018-01 - today",
        "Jan 2018 – till date",
        "Jan 2018 to date",
        "Jan 2018 - To Date",
        "Jan 2018 - Till now",
        "Jan 2018 – ongoing",
        "Jan 2018 – Present (3 years)",
        "Jan 2018 - Present · 8 yrs 11 mos",
        "2018 – Present",
        "2018 - present",
        "2018–now",
        "2018 to the present",
        "2018 until today",
        "Since 2018",
        "since January 2018",
        "seit 2018",
        "Seit Januar 2018",
        "seit 01/2018",
        "ab 01.01.2018",
        "depuis 2018",
        "Depuis janvier 2018",
        "desde 2018",
        "desde enero de 2018",
        "dal 2018",
        "sinds 2018",
        "sinds januari 2018",
        "vanaf januari 2018",
        "od 2018",
        "od stycznia 2018",
        "с 2018",
        "с января 2018 г.",
        "自2018年1月",
        "2018年1月起",
        "2018年1月至今",
        "2018年1月 - 至今",
        "2018.01-至今",
        "2018年1月～現在",
        "2018년 1월 ~ 현재",
        "from 2018",
        "From January 2018",
        "2018 –",
        "2018 -",
        "2018—",
        "Jan 2018 –",
        "01/2018 -\nSite Engineer",
        "Jan 2018 - (present)",
        "Januar 2018 – heute",
        "01/2018 - heute",
        "01.2018 bis heute",
        "2018 – bis heute",
        "janvier 2018 – aujourd'hui",
        "janv. 2018 - aujourd’hui",
        "2018 à ce jour",
        "Janvier 2018 – présent",
        "enero 2018 – actualidad",
        "enero 2018 - la actualidad",
        "2018 - Actualmente",
        "desde 2018 hasta la actualidad",
        "enero de 2018 – presente",
        "gennaio 2018 - oggi",
        "gennaio 2018 - in corso",
        "da gennaio 2018 ad oggi",
        "Dal 2018 ad oggi",
        "janeiro 2018 – atual",
        "jan 2018 - o momento",
        "jan/2018 até o momento",
        "2018 – heden",
        "januari 2018 - heden",
        "2018 – obecnie",
        "styczeń 2018 - obecnie",
        "01.2018 – do chwili obecnej",
        "январь 2018 — настоящее время",
        "январь 2018 – по настоящее время",
        "с января 2018 по настоящее время",
        "2018 – н.в.",
        "Ocak 2018 – halen",
        "Ocak 2018 - devam ediyor",
        "januari 2018 – nuvarande",
        "2018 – nu",
        "يناير 2018 - حتى الآن",
        "يناير 2018 – الآن",
        "منذ 2018",
        "January 2018\nto\nCurrent",
        "Jan 2018\tPresent",
        "Present - Jan 2018",
        "Q1 2018 – Present",
        "Jan '18 – Present",
        "Jan 18 - Present",
        "'18 - Present",
        "01/18 - Present",
    ] {
        check(text, want);
    }
}

#[test]
fn years_are_as_far_apart_as_they_are() {
    for (text, from, until) in [
        ("2015 - 2019", 2015, 2019),
        ("2015-2019", 2015, 2019),
        ("2015–19", 2015, 2019),
        ("2015-19", 2015, 2019),
        ("2015/2019", 2015, 2019),
        ("1998-03", 1998, 2003),
        ("1998–2003", 1998, 2003),
        ("2018/19", 2018, 2019),
        ("2018-19", 2018, 2019),
        ("2015 bis 2019", 2015, 2019),
        ("2015\t2019", 2015, 2019),
        ("'15 - '19", 2015, 2019),
        ("’15–’19", 2015, 2019),
        ("between 2015 and 2019", 2015, 2019),
        ("zwischen 2015 und 2019", 2015, 2019),
        ("de 2015 à 2019", 2015, 2019),
        ("de 2015 a 2019", 2015, 2019),
        ("2015年-2019年", 2015, 2019),
        ("2015 til 2019", 2015, 2019),
        ("(2015-2019)", 2015, 2019),
        ("2015 through 2019.", 2015, 2019),
        ("2015 - 2019, Leeds", 2015, 2019),
        ("2009-11", 2009, 2011),
    ] {
        check(text, Some((from * 12, until * 12, false)));
    }
    check("2019 - 2019", Some((2019 * 12, 2019 * 12 + 6, false)));
    check("2017/18 - 2019/20", Some((2017 * 12, 2021 * 12, false)));
}

#[test]
fn parts_of_a_year() {
    for (text, from, until) in [
        ("Jan - Dec 2018", (2018, 1), (2018, 12)),
        ("March–May 2019", (2019, 3), (2019, 5)),
        ("18 April - 14 May 2011", (2011, 5), (2011, 4)),
        ("03-09/2018", (2018, 3), (2018, 9)),
        ("01.–12.2018", (2018, 1), (2018, 12)),
        ("Sommer 2018", (2018, 6), (2018, 8)),
        ("Summer 2018", (2018, 6), (2018, 8)),
        ("Winter 2017/18", (2017, 12), (2018, 2)),
        ("WS 2017/18", (2017, 10), (2018, 3)),
        ("Spring 2018 – Fall 2019", (2018, 3), (2019, 11)),
        ("Q3 2018", (2018, 7), (2018, 9)),
        ("2018年1月 - 3月", (2018, 1), (2018, 3)),
        ("2018 Jan - Mar", (2018, 1), (2018, 3)),
        ("Nov - Feb 2019", (2018, 11), (2019, 2)),
        ("Mid 2018 - Late 2019", (2018, 7), (2019, 11)),
        ("Anfang 2018 – Ende 2019", (2018, 2), (2019, 11)),
        ("Jun 2015 - 2019", (2015, 6), (2018, 12)),
        ("2015 - Mar 2019", (2015, 1), (2019, 3)),
        ("15 Jan 2018 – 14 Jan 2019", (2018, 1), (2018, 12)),
    ] {
        let (from_index, until_index) = (from.0 * 12 + from.1 - 1, until.0 * 12 + until.1);
        check(text, Some((from_index, until_index.max(from_index + 1), false)));
    }
}

#[test]
fn the_whole_text_decides_what_comes_first() {
    let found = Dates::read("03/04/2018 - 05/06/2019\n25/12/2019 - 31/12/2020", TODAY);
    assert_eq!(found.periods[0].months, 2018 * 12 + 3..2019 * 12 + 5);
    let found = Dates::read("03/04/2018 - 05/06/2019\n12/25/2019 - 12/31/2020", TODAY);
    assert_eq!(found.periods[0].months, 2018 * 12 + 2..2019 * 12 + 4);
    let found = Dates::read("03/04/2018 - 05/06/2019\nSeptiembre 2019", TODAY);
    assert_eq!(found.periods[0].months, 2018 * 12 + 3..2019 * 12 + 5);
    // `2009-11` is a month where others are.
    let found = Dates::read("2005-03 - 2009-02\n2009-11", TODAY);
    assert_eq!(
        (found.periods.len(), &found.dates[0].months),
        (1, &(2009 * 12 + 10..2009 * 12 + 11))
    );
}

#[test]
fn these_are_no_periods() {
    for text in [
        "2010 2012 2015 2019",
        "in 2019",
        "January 2018",
        "May 2030 - June 2031",
        "2020 - 2018",
        "Windows 2008 - 2012R2",
        "SQL Server 2008/2012",
        "+44 20 7946 0958",
        "(555) 010-2018",
        "555-2010-2015",
        "192.168.2018.1",
        "24/7",
        "$2015 - $2019",
        "Dec 2020 - Jan 2018",
        "1850 - 1870",
        "13/2018 - 14/2019",
        "32.01.2018 - 33.12.2020",
        "2018 - 12 people",
        "10-2000 plus",
        "ISO 9001:2015 - 2016x",
        "3.75 - 4.00",
        "1/2 - 3/4",
        "Site Engineer 2018 - Bridges",
        "ISBN 978-3-16-148410-0",
        "2015, 2016 and 2017",
        "graduated 2014\n\n2018 onwards we",
        "model 2015-2016-2017",
        "since then",
        "to date",
        "present",
        "from scratch",
    ] {
        let found = Dates::read(text, TODAY).periods;
        let open = text.contains("onwards");
        assert!(found.is_empty() || open, "{text}: {found:?}");
    }
}

#[test]
fn the_year_comes_first_without_spaces() {
    for text in [
        "2020.07-2024.10 Oak Developer",
        "(2020.07-2024.10)",
        "2020/07-2024/10",
        "2020-07-2024-10",
        "2020-07/2024-10",
        "2020.07-2024.10",
    ] {
        check(text, Some(months((2020, 7), (2024, 10))));
    }
    check("2001-07-2004-10", Some(months((2001, 7), (2004, 10))));
}

#[test]
fn the_ends_of_a_period_have_labels() {
    for text in [
        "From: March 2015\nTo: May 2018",
        "Start date: 01/03/2015\nEnd date: 31/05/2018",
        "Start: 03/2015 End: 05/2018",
        "Date started: 01/03/2015 Date left: 31/05/2018",
        "Date from: 03/2015\nDate to: 05/2018",
        "From: 03/2015 To: 05/2018 Clerk",
        "From 03/2015 To 05/2018",
        "Mar' 2015 to May' 2018",
    ] {
        check(text, Some(months((2015, 3), (2018, 5))));
    }
    check(
        "From: March 2015\nTo: Present",
        Some((2015 * 12 + 2, TODAY.index() + 1, true)),
    );
    check("Hired 03/2015\nLeft 05/2018", Some(months((2015, 3), (2018, 5))));
    check("Hired 03/2015\nEnd of year sales: 05/2018", None);
}

#[test]
fn both_ends_have_labels_words_or_signs() {
    let want = Some(months((2015, 3), (2018, 7)));
    for text in [
        "Start: March 2015. End: July 2018.",
        "Joining date: 2/3/2015\nRelieving date: 31/7/2018",
        "signed on 02.03.2015 signed off 31.07.2018",
        "Joined in March 2015, left in July 2018",
        "effective March 2015 - effective July 2018",
        "March 2015...July 2018",
        "Starting date: March 2015   Ending date: July 2018",
        "From date: 03/2015   To date: 07/2018",
        "From (mo/yr): 03/2015   To (mo/yr): 07/2018",
        "Start Date (MM/YYYY): 03/2015 End Date (MM/YYYY): 07/2018",
        "Start date March 2015, end date July 2018",
        "Date hired: 03/2015 / Date separated: 07/2018",
        "Start: March 2015 | End: July 2018",
        "Started March 2015, left July 2018",
        "since March 2015 (left July 2018)",
        "hired March 2015, laid off July 2018",
        "III.2015 – VII.2018",
        "III/2015 - VII/2018",
    ] {
        check(text, want);
    }
    check("Febuary 2015 to Septemeber 2018", Some(months((2015, 2), (2018, 9))));
    let open = Some((2015 * 12 + 2, TODAY.index() + 1, true));
    for text in [
        "March 2015 – Cont.",
        "marzo 2015 - a la fecha",
        "03/2015 - nay",
        "March 2015 - tbd",
    ] {
        check(text, open);
    }
    check("From (mo/yr): 03/2015   To (mo/yr): Present", open);
    check("Currently working as Office Manager at Tesco from March 2015", open);
    check("2015 - 2018 Set Designer", Some(months((2015, 1), (2017, 12))));
    check("2015 to 2018 Sub Engineer", Some(months((2015, 1), (2017, 12))));
    for text in [
        "Part III. 2015 was good",
        "See II/2 of 2015.",
        "2015. End of story 2018",
    ] {
        assert!(Dates::read(text, TODAY).periods.is_empty(), "{text}");
    }
}

#[test]
fn one_day_is_no_period() {
    for text in [
        "Joined on 02-03-2015",
        "Place: Pune\nDate: 02-11-2026",
        "Awarded 03-05-2018",
    ] {
        check(text, None);
    }
    check("02-03-2015 to 28-05-2018", Some(months((2015, 3), (2018, 5))));
}
