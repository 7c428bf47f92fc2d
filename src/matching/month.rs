//! Months, the resolution of dates in resumes.

/// A month of a year; the current one is what "present" in a resume means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// The year, AD.
    pub year: u32,
    /// 1 to 12.
    pub month: u32,
}

impl Month {
    /// The month of a date.
    #[must_use]
    pub fn of(day: &impl chrono::Datelike) -> Self {
        Self {
            year: u32::try_from(day.year()).unwrap_or(0),
            month: day.month(),
        }
    }

    /// Months since year 0.
    pub(super) fn index(self) -> u32 {
        self.year * 12 + self.month.max(1) - 1
    }
}
