//! Figures of a measurement beside their bars, printed as lines of a table.
#![expect(clippy::print_stdout, reason = "the figures are printed")]

use std::process::ExitCode;

/// Prints figures, and knows whether all bars were met.
#[derive(Debug, Default)]
pub struct Figures {
    has_header: bool,
    has_missed: bool,
}

impl Figures {
    /// Prints a figure with its bar.
    pub fn print(&mut self, name: &str, bar: &str, measured: &str, is_ok: bool) {
        self.has_missed |= !is_ok;
        self.line(name, bar, measured, if is_ok { "ok" } else { "NOT OK" });
    }

    /// Prints a figure that has no bar.
    pub fn print_only(&mut self, name: &str, measured: &str) {
        self.line(name, "-", measured, "");
    }

    /// Prints a figure that must not be more than `limit`.
    pub fn at_most(&mut self, name: &str, limit: f64, measured: f64, unit: &str) {
        let bar = format!("<= {}", amount(limit, unit));
        self.print(name, &bar, &amount(measured, unit), measured <= limit);
    }

    /// Whether all bars were met.
    #[must_use]
    pub fn hold(&self) -> bool {
        !self.has_missed
    }

    /// Success if all bars were met.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        if self.hold() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }

    fn line(&mut self, name: &str, bar: &str, measured: &str, verdict: &str) {
        if !self.has_header {
            println!("{:<48} {:>14} {:>14}", "name", "bar", "measured");
            self.has_header = true;
        }
        println!("{name:<48} {bar:>14} {measured:>14}  {verdict}");
    }
}

fn amount(value: f64, unit: &str) -> String {
    let decimals = match value.abs() {
        _ if value.fract() == 0.0 => 0,
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    format!("{value:.decimals$} {unit}").trim_end().to_owned()
}
