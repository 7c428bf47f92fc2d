//! Structure and hidden text. The tests of `document` decide what is HTML.

use proptest::prelude::*;

use super::*;

fn lines(markup: &str) -> String {
    text(markup).unwrap().text
}

fn hidden(markup: &str) -> Vec<HiddenReason> {
    text(markup)
        .unwrap()
        .hidden
        .iter()
        .map(|hidden| hidden.reason)
        .collect()
}

#[test]
fn blocks_are_lines() {
    for (markup, expected) in [
        ("<h2>Work</h2><p>Cook,\n Leeds<p>2015", "Work\n\nCook, Leeds\n\n2015\n"),
        (
            "<div>Cook</div><div>Leeds</div><div><br></div><div>2015</div>",
            "Cook\nLeeds\n\n2015\n",
        ),
        ("Cook<br>Leeds<br><br>2015<br>", "Cook\nLeeds\n\n2015\n"),
        (
            "<p style='margin:0'>Cook</p><p style='margin:0'>Leeds</p>",
            "Cook\nLeeds\n",
        ),
        (
            "<p class=MsoNormal>Cook<o:p></o:p></p><style>p.MsoNormal{margin:0cm}</style><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Leeds",
            "Cook\n\nLeeds\n",
        ),
        ("Cook<span style='margin-left:1em'>2015</span>, x", "Cook 2015 , x\n"),
        ("<b>Co</b>ok <i>and</i>\tbaker", "Cook and baker\n"),
        ("<pre>Cook\n  Leeds\n\n2015</pre>", "Cook\nLeeds\n\n2015\n"),
        ("Cook<hr>Leeds", "Cook\n\nLeeds\n"),
        ("<section>Cook</section><section>Leeds</section>", "Cook\n\nLeeds\n"),
        (
            "<dl><dt>2015<dd>Cook<dt>2016<dd>Baker</dl>",
            "2015\nCook\n2016\nBaker\n",
        ),
        (
            "<span>Cook</span><span style='float:right'>2015</span><p>x",
            "Cook\t2015\n\nx\n",
        ),
        (
            "<div style='display: flex'><b>Cook</b><span>2015</span></div>x",
            "Cook\t2015\nx\n",
        ),
    ] {
        assert_eq!(lines(markup), expected, "{markup}");
    }
}

#[test]
fn items_and_cells_are_marked() {
    for (markup, expected) in [
        (
            "<p>Duties<ul><li>Cook<li><p>Bake</p><ul><li>Bread</ul></ul>x",
            "Duties\n\n• Cook\n• Bake\n• Bread\n\nx\n",
        ),
        (
            "<ol><li><div>Cook</div><div>Leeds</div></li><li></li><li>• Bake</li></ol>",
            "• Cook\nLeeds\n• Bake\n",
        ),
        (
            "<div>• Cook</div><div>&middot;&nbsp;&nbsp; Bake</div><div>- Serve</div>",
            "• Cook\n• Bake\n• Serve\n",
        ),
        (
            "<table><tr><th>Tool<th>Level<tr><td>Rust<td>high</table>",
            "Tool\tLevel\nRust\thigh\n",
        ),
        (
            "<table><tr><td><h3>Skills</h3><p>Rust</p></td><td><p>Cook</p><p>2015</p></td></tr></table>x",
            "Skills\n\nRust\n\nCook\n\n2015\n\nx\n",
        ),
        (
            "<table><tr><td><table><tr><td>Cook</td><td>2015</td></tr></table></td></tr></table>",
            "Cook\t2015\n",
        ),
    ] {
        assert_eq!(lines(markup), expected, "{markup}");
    }
}

#[test]
fn what_browsers_never_show_is_not_read() {
    let page = "<html><head><title>T</title><style>p{}</style></head><body><!-- note --><script>s()</script>
        <noscript>n</noscript><template><p>t</p></template><p>Cook<select><option>o</select></p></body></html>";
    assert_eq!(lines(page), "Cook\n");
    assert_eq!(hidden(page), []);
    let comment = format!("<p>Cook</p><!-- {} -->", "expert in bridges ".repeat(5));
    assert_eq!(hidden(&comment), [HiddenReason::Comment]);
}

#[test]
fn xhtml_is_read() {
    let page = "<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'x'>
        <html xmlns='http://www.w3.org/1999/xhtml'><head><title/><script src='a.js'/><style/></head>
        <body><p>Cook<span/> and baker</p><div/><p><![CDATA[R & D]]></p></body></html>";
    assert_eq!(lines(page), "Cook and baker\n\nR & D\n");
}

/// Ways to hide an element with the words, each with the reason that is reported. `T` is the place of the text.
const WAYS: [(&str, HiddenReason); 38] = [
    ("<p style='display:none'>T</p>", HiddenReason::Markup),
    (
        "<div style='display : NONE !important; display: block'>T</div>",
        HiddenReason::Markup,
    ),
    ("<span hidden>T</span>", HiddenReason::Markup),
    ("<p style='visibility:hidden'><b>T</b></p>", HiddenReason::Markup),
    ("<p class='off'>T</p>", HiddenReason::Markup),
    ("<div id='off'><p>T</p></div>", HiddenReason::Markup),
    ("<aside data-role='keywords'>T</aside>", HiddenReason::Markup),
    ("<dialog>T</dialog>", HiddenReason::Markup),
    ("<p style='color:#fff'>T</p>", HiddenReason::Colour),
    ("<p style='color: white'>T</p>", HiddenReason::Colour),
    ("<p style='color:rgb(254, 254, 254)'>T</p>", HiddenReason::Colour),
    ("<p style='color: rgb(100% 100% 100% / 1)'>T</p>", HiddenReason::Colour),
    ("<p style='color:hsl(0, 0%, 98%)'>T</p>", HiddenReason::Colour),
    ("<font color='#FFFFFF'>T</font>", HiddenReason::Colour),
    ("<font color=white>T</font>", HiddenReason::Colour),
    ("<p class='pale'>T</p>", HiddenReason::Colour),
    (
        "<div style='background:#1f3864'><span style='color:#1f3863'>T</span></div>",
        HiddenReason::Colour,
    ),
    (
        "<table bgcolor=black><tr><td style='color:#0a0a0a'>T</td></tr></table>",
        HiddenReason::Colour,
    ),
    ("<p style='font-size:0'>T</p>", HiddenReason::Size),
    ("<p style='font-size: 1px'>T</p>", HiddenReason::Size),
    ("<p style='font: 0.5pt/1 serif'>T</p>", HiddenReason::Size),
    ("<div style='font-size:2px'><p>T</p></div>", HiddenReason::Size),
    (
        "<div style='font-size:10%'><p style='font-size:.9em'>T</p></div>",
        HiddenReason::Size,
    ),
    ("<p style='opacity:0'>T</p>", HiddenReason::Transparent),
    (
        "<div style='opacity:.2'><p style='opacity:20%'>T</p></div>",
        HiddenReason::Transparent,
    ),
    ("<p style='color:transparent'>T</p>", HiddenReason::Transparent),
    ("<p style='color:rgba(0,0,0,0)'>T</p>", HiddenReason::Transparent),
    (
        "<p style='position:absolute;left:-9999px'>T</p>",
        HiddenReason::OutsidePage,
    ),
    ("<p style='position:fixed; top:-100em'>T</p>", HiddenReason::OutsidePage),
    ("<p style='text-indent:-9999px'>T</p>", HiddenReason::OutsidePage),
    (
        "<p style='transform:translateX(-2000px)'>T</p>",
        HiddenReason::OutsidePage,
    ),
    (
        "<p style='position:absolute;clip:rect(0 0 0 0)'>T</p>",
        HiddenReason::Covered,
    ),
    (
        "<p style='width:1px;height:1px;overflow:hidden'>T</p>",
        HiddenReason::Covered,
    ),
    ("<p style='clip-path:inset(50%)'>T</p>", HiddenReason::Covered),
    (
        "<div style='--pale:#fefefe'><p style='color:var(--pale)'>T</p></div>",
        HiddenReason::Colour,
    ),
    ("<p style='translate:-9999px'>T</p>", HiddenReason::OutsidePage),
    ("<p style='scale:0'>T</p>", HiddenReason::Size),
    // Whether an animation ever shows a text is not known.
    (
        "<p style='opacity:0;animation:fade 1s'>T</p>",
        HiddenReason::Transparent,
    ),
];

/// Ways to show an element that resemble ways to hide it.
const SHOWN: [&str; 23] = [
    "<p style='background:#1f3864;color:white'>T</p>",
    "<div style='background-color:black'><p style='color:#fff'>T</p></div>",
    "<table bgcolor='#003366'><tr><td><font color=white>T</font></td></tr></table>",
    "<div style='background:url(a.png)'><p style='color:#fff'>T</p></div>",
    "<div style='background:linear-gradient(#000,#333)'><p style='color:#fff'>T</p></div>",
    "<div style='background:var(--dark)'><p style='color:#fff'>T</p></div>",
    "<header class='dark'><h1>T</h1></header>",
    "<p style='color:#999'>T</p>",
    "<p style='color:var(--text)'>T</p>",
    "<p style='font-size:7pt'>T</p>",
    "<div style='font-size:0'><p style='font-size:11pt'>T</p></div>",
    "<div style='visibility:hidden'><p style='visibility:visible'>T</p></div>",
    "<p style='opacity:.6'>T</p>",
    "<div style='--ink:#222'><p style='color:var(--ink)'>T</p></div>",
    "<p aria-hidden=true>T</p>",
    "<dialog open>T</dialog>",
    "<p class='print'>T</p>",
    "<p class='phone'>T</p>",
    "<p class='hover'>T</p>",
    "<p style='display:none;display:block'>T</p>",
    "<p style='text-indent:-20px;margin-left:20px'>T</p>",
    "<p style='position:relative;left:-4px'>T</p>",
    "<h1 style='background:linear-gradient(red,blue);background-clip:text;color:transparent'>T</h1>",
];

const SHEET: &str = "<style>/* of the page */ @import 'a.css'; .off, #off { display: none }
    aside[data-role=keywords] { display: none } .pale { color: #fdfdfd }
    header.dark { background: #222 } header.dark > h1 { color: #fff }
    @media print { .print { display: none } } @media (max-width: 600px) { .phone { display: none } }
    .hover:hover { display: none } p::before { content: 'x' } broken { ; } }</style>";

proptest! {
    #[test]
    fn hidden_text_is_reported_and_visible_text_is_read(
        parts in prop::collection::vec((any::<bool>(), 0..1000_usize, "[a-z]{3,9}( [a-z]{3,9}){0,5}"), 1..12),
    ) {
        let mut page = format!("<!DOCTYPE html><html><head>{SHEET}</head><body>");
        let (mut visible, mut letters) = (Vec::new(), 0);
        for (is_hidden, way, words) in &parts {
            if *is_hidden {
                let (markup, _) = WAYS[way % WAYS.len()];
                page += &markup.replace('T', words);
                letters += words.chars().filter(|c| c.is_alphanumeric()).count();
            } else {
                page += &SHOWN[way % SHOWN.len()].replace('T', words);
                visible.push(words.as_str());
            }
        }
        let read = text(&page).unwrap();
        let found: Vec<&str> = read.text.lines().filter(|line| !line.is_empty()).collect();
        prop_assert_eq!(found, visible, "{}", page);
        let reported: usize = read.hidden.iter().map(|hidden| hidden.characters).sum();
        prop_assert_eq!(reported, letters, "{}", page);
    }

    #[test]
    fn any_text_has_a_tree(markup in "(<(/?(p|div|table|td|tr|li|svg|b|template|script|!--|style))? ?[^<]{0,6}>?){0,40}") {
        let _ = text(&markup);
    }
}

#[test]
fn the_reason_is_named() {
    for (way, reason) in WAYS {
        let page = format!("{SHEET}{}", way.replace('T', "keywords"));
        assert_eq!(hidden(&page), [reason], "{way}");
    }
}

/// Interfaces of job boards give HTML that is escaped.
#[test]
fn escaped_markup_is_read_as_markup() {
    let page = "&lt;p&gt;We need a &lt;b&gt;cook&lt;/b&gt;.&lt;/p&gt;&lt;ul&gt;&lt;li&gt;Soups&lt;/li&gt;&lt;li&gt;Stews&lt;/li&gt;&lt;/ul&gt;";
    let read = lines(page);
    assert!(
        !read.contains('<') && read.contains("We need a cook.") && read.contains("Stews"),
        "{read}"
    );
    let code = "<p>Uses the elements &lt;p&gt;, &lt;li&gt; and &lt;ul&gt; well</p>";
    assert!(lines(code).contains("<li>"), "{}", lines(code));
}

#[test]
fn deep_nesting_is_read() {
    let page = format!("{}Cook{}", "<div>".repeat(2000), "</div>".repeat(2000));
    assert_eq!(lines(&page), "Cook\n");
}
