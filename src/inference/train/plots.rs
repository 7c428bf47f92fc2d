//! SVG plots of a training run: the learning curve and the confusion matrix.

use super::fit::Fitted;
use crate::svg::Svg;

/// Blue and orange, which colour-blind people can distinguish (Okabe and Ito 2008).
const TRAIN: &str = "#0072b2";
const VALID: &str = "#d55e00";
/// Pixels.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 60.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 50.0;
const BOTTOM: f64 = 50.0;
const CELL: f64 = 28.0;
const LETTER: f64 = 6.6;

/// Plots the losses of every epoch. A dot marks the epoch whose weights were kept.
pub(super) fn learning_curve(title: &str, fitted: &[Fitted]) -> String {
    let losses = || fitted.iter().flat_map(|f| &f.curve).flat_map(|l| [l.train, l.valid]);
    let low = losses().fold(f64::INFINITY, f64::min).min(0.0);
    let high = losses().fold(low, f64::max);
    let step = step((high - low) / 5.0);
    let high = (high / step).ceil() * step;
    let epochs = fitted.iter().map(|f| f.curve.len()).max().unwrap_or(1).max(2);
    let x = |epoch: usize| LEFT + (WIDTH - LEFT - RIGHT) * (epoch as f64 - 1.0) / (epochs as f64 - 1.0);
    let y = |loss: f64| HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (loss - low) / (high - low);

    let mut svg = Svg::new(WIDTH, HEIGHT, title).headed(title);
    for n in 0..=((high - low) / step).round() as usize {
        let loss = low + n as f64 * step;
        let at = y(loss);
        svg.add(&format_args!(
            "<path d=\"M{LEFT} {at:.1}H{:.1}\" stroke=\"#ddd\"/>",
            WIDTH - RIGHT
        ));
        svg.text(LEFT - 8.0, at + 4.0, "text-anchor=\"end\"", &format!("{loss:.2}"));
    }
    for epoch in (1..=epochs).step_by(epochs.div_ceil(12)) {
        svg.text(
            x(epoch),
            HEIGHT - BOTTOM + 18.0,
            "text-anchor=\"middle\"",
            &epoch.to_string(),
        );
    }
    svg.text(WIDTH / 2.0, HEIGHT - 10.0, "text-anchor=\"middle\"", "epoch");
    for (n, name, colour) in [
        (0.0, "loss on what is learnt from, with dropout", TRAIN),
        (1.0, "loss on what chooses when to stop", VALID),
    ] {
        let at = LEFT + 20.0 + n * 300.0;
        svg.add(&format_args!(
            "<path d=\"M{at} 40h24\" stroke=\"{colour}\" stroke-width=\"2\"/>"
        ));
        svg.text(at + 30.0, 44.0, "", name);
    }
    for fitted in fitted {
        for (colour, loss) in [(TRAIN, 0), (VALID, 1)] {
            let points = fitted.curve.iter().enumerate().map(|(n, losses)| {
                let loss = [losses.train, losses.valid][loss];
                format!("{:.1},{:.1}", x(n + 1), y(loss))
            });
            let points = points.collect::<Vec<_>>().join(" ");
            svg.add(&format_args!(
                "<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-opacity=\"0.8\"/>"
            ));
        }
        if let Some(best) = fitted.best.checked_sub(1).and_then(|n| fitted.curve.get(n)) {
            svg.add(&format_args!(
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.5\" fill=\"{VALID}\"/>",
                x(fitted.best),
                y(best.valid)
            ));
        }
    }
    svg.finish()
}

/// Returns the smallest of 1, 2 or 5 times a power of ten that is at least `least`.
fn step(least: f64) -> f64 {
    let power = 10.0_f64.powf(least.max(1e-6).log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|n| n * power)
        .find(|step| *step >= least)
        .unwrap_or(power)
}

/// Plots how often a text of one label (row) was classified as another (column), as `counts[row][column]`. Darker cells
/// are a larger share of their row.
pub(super) fn confusion(title: &str, labels: &[String], counts: &[Vec<u32>]) -> String {
    let longest = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0) as f64;
    let (left, top) = (longest * LETTER + 30.0, longest * LETTER * 0.75 + 60.0);
    let side = CELL * labels.len() as f64;
    // The last column label is rotated and extends to the right.
    let width = (left + side + longest * LETTER * 0.75 + 20.0).max(420.0);
    let mut svg = Svg::new(width, top + side + 40.0, title).headed(title);
    for (row, counts) in counts.iter().enumerate() {
        let y = top + CELL * row as f64;
        let all: u32 = counts.iter().sum();
        for (column, count) in counts.iter().enumerate() {
            let x = left + CELL * column as f64;
            let share = f64::from(*count) / f64::from(all.max(1));
            svg.add(&format_args!(
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{CELL}\" height=\"{CELL}\" fill=\"{TRAIN}\" fill-opacity=\"{share:.3}\" stroke=\"#eee\"/>"
            ));
            if *count > 0 {
                let colour = if share > 0.5 { "#fff" } else { "#000" };
                let attributes = format!("text-anchor=\"middle\" font-size=\"10\" fill=\"{colour}\"");
                svg.text(x + CELL / 2.0, y + CELL / 2.0 + 4.0, &attributes, &count.to_string());
            }
        }
    }
    for (n, label) in labels.iter().enumerate() {
        let at = CELL * (n as f64 + 0.5);
        svg.text(left - 8.0, top + at + 4.0, "text-anchor=\"end\"", label);
        let (x, y) = (left + at, top - 8.0);
        svg.text(x, y, &format!("transform=\"rotate(-45 {x:.1} {y:.1})\""), label);
    }
    let below = top + side + 24.0;
    svg.text(
        width / 2.0,
        below,
        "text-anchor=\"middle\"",
        "row: what it is; column: what the model says",
    );
    svg.finish()
}

#[cfg(test)]
mod tests {
    //! Tests that every value is drawn at its position.

    use super::super::fit::Losses;
    use super::*;

    #[test]
    fn every_epoch_is_a_point_and_the_best_a_dot() {
        let curve = [(2.0, 1.5), (1.0, 0.9), (0.7, 1.1)].map(|(train, valid)| Losses { train, valid });
        let fitted = Fitted {
            layers: Vec::new(),
            best: 2,
            curve: curve.to_vec(),
        };
        let svg = learning_curve("a < b", &[fitted]);
        assert!(svg.contains("<title>a &lt; b</title>") && svg.trim_end().ends_with("</svg>"));
        let lines: Vec<_> = svg.lines().filter(|line| line.starts_with("<polyline")).collect();
        assert_eq!(lines.len(), 2);
        // The losses 2.0, 1.0 and 0.7 on an axis from 0 to 2 between 350 and 50 pixels.
        assert!(
            lines[0].contains("\"60.0,50.0 380.0,200.0 700.0,245.0\""),
            "{}",
            lines[0]
        );
        assert!(svg.contains("<circle cx=\"380.0\" cy=\"215.0\""), "{svg}");
    }

    #[test]
    fn every_count_stands_in_its_cell() {
        let labels = ["R&D", "law"].map(str::to_owned);
        let svg = confusion("who", &labels, &[vec![3, 1], vec![0, 7]]);
        let cells: Vec<_> = svg
            .lines()
            .filter(|line| line.starts_with("<rect x"))
            .map(|line| line.split("fill-opacity=\"").nth(1).unwrap()[..5].to_owned())
            .collect();
        assert_eq!(cells, ["0.750", "0.250", "0.000", "1.000"]);
        for text in [">3<", ">1<", ">7<", ">R&amp;D<"] {
            assert!(svg.contains(text), "{text}");
        }
        assert!(!svg.contains(">0<"), "an empty cell says nothing");
    }

    #[test]
    fn steps_are_round() {
        for (least, expected) in [
            (0.3, 0.5),
            (1.0, 1.0),
            (1.1, 2.0),
            (0.06, 0.1),
            (7.0, 10.0),
            (23.0, 50.0),
        ] {
            assert!((step(least) - expected).abs() < 1e-9, "{least}: {}", step(least));
        }
    }
}
