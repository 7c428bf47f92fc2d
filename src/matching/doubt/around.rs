//! Clauses about work around a trade: who sells, orders, schedules or bills something names it without doing it, as in
//! `sold 110 roofs` or `schedule the crews`.

use std::sync::LazyLock;

use super::super::words;

/// The credit of what such a clause mentions, unless the posting asks for the same kind of work.
pub(in crate::matching) const AROUND: f32 = 0.25;

/// A kind of work around a trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::matching) enum Around {
    Sell,
    Schedule,
    Buy,
    Bill,
    Hire,
    Film,
}

impl Around {
    const ALL: [Self; 6] = [
        Self::Sell,
        Self::Schedule,
        Self::Buy,
        Self::Bill,
        Self::Hire,
        Self::Film,
    ];

    /// Its verbs, as a sentence of a resume begins.
    fn verbs(self) -> &'static [&'static str] {
        match self {
            Self::Sell => &[
                "advertise",
                "advertised",
                "market",
                "marketed",
                "pitch",
                "pitched",
                "promote",
                "promoted",
                "quote",
                "quoted",
                "quoting",
                "rent",
                "rented",
                "renting",
                "sell",
                "selling",
                "sells",
                "sold",
            ],
            Self::Schedule => &[
                "coordinate",
                "coordinated",
                "coordinating",
                "dispatch",
                "dispatched",
                "dispatching",
                "organise",
                "organised",
                "organising",
                "organize",
                "organized",
                "organizing",
                "schedule",
                "scheduled",
                "scheduling",
            ],
            Self::Buy => &[
                "order",
                "ordered",
                "ordering",
                "procure",
                "procured",
                "procuring",
                "purchase",
                "purchased",
                "purchasing",
                "source",
                "sourced",
                "sourcing",
            ],
            Self::Bill => &[
                "adjudicate",
                "adjudicated",
                "bill",
                "billed",
                "billing",
                "invoice",
                "invoiced",
                "invoicing",
                "keyed",
            ],
            Self::Hire => &["hire", "hired", "hiring", "recruit", "recruited", "recruiting"],
            Self::Film => &[
                "film",
                "filmed",
                "filming",
                "photograph",
                "photographed",
                "translate",
                "translated",
            ],
        }
    }

    /// Further words by which a posting asks for it.
    fn asked(self) -> &'static str {
        match self {
            Self::Sell => "sale sales salesperson marketing promotion advertising rental quotation upsell upselling",
            Self::Schedule => {
                "arrange arranging book booking bookings coordination coordinator organisation organization dispatcher \
                 schedules rota roster plan planning"
            }
            Self::Buy => "buy buying buyer procurement stock supplies inventory",
            Self::Bill => "invoices bills claims payment accounts",
            Self::Hire => "recruitment recruiter staffing interview interviews",
            Self::Film => "video camera photography translation translator",
        }
    }

    /// Whether a text with these words asks for it.
    pub(in crate::matching) fn is_asked(self, has: impl Fn(u64) -> bool) -> bool {
        STEMS[self as usize].iter().any(|stem| has(*stem))
    }
}

/// The stems of the words by which postings ask for each kind, in the order of the kinds.
static STEMS: LazyLock<Vec<Vec<u64>>> = LazyLock::new(|| {
    let words_of = |kind: Around| kind.verbs().iter().copied().chain(kind.asked().split(' '));
    let stems = Around::ALL.map(|kind| words_of(kind).flat_map(words::stems).collect());
    stems.into()
});

/// What each clause of a sentence is about; a clause without a verb of its own continues the one before.
pub(super) fn read<'w>(clauses: impl Iterator<Item = &'w [String]>) -> Vec<Option<Around>> {
    let mut current = None;
    let read = clauses.enumerate().map(|(at, clause)| {
        let mut told = clause.iter().map(String::as_str);
        let joined = |word: &&str| matches!(*word, "and" | "but" | "while" | "i" | "we");
        let own = told.clone().take_while(joined).any(|word| matches!(word, "i" | "we"));
        if at == 0 || own {
            let verb = told.find(|word| !joined(word)).unwrap_or_default();
            current = Around::ALL.into_iter().find(|kind| kind.verbs().contains(&verb));
        }
        current
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sentence: &str) -> Vec<Option<Around>> {
        let clauses: Vec<Vec<String>> = sentence
            .split(", ")
            .map(|clause| clause.split(' ').map(str::to_owned).collect())
            .collect();
        read(clauses.iter().map(Vec::as_slice))
    }

    #[test]
    fn the_kind_of_work_is_that_of_the_verb() {
        assert_eq!(of("sold slate roofs, gutters"), [Some(Around::Sell); 2]);
        assert_eq!(of("i order the parts, i fit them"), [Some(Around::Buy), None]);
        assert_eq!(of("laid slate roofs sold by others"), [None]);
    }

    #[test]
    fn postings_ask_for_the_same_kind_in_other_words() {
        let asks = |text: &str, kind: Around| {
            let stems: Vec<u64> = words::stems(text).collect();
            kind.is_asked(|stem| stems.contains(&stem))
        };
        assert!(asks("B2B sales", Around::Sell) && asks("Book tours", Around::Schedule));
        assert!(!asks("Lay slate and tile", Around::Sell) && !asks("Run discovery calls", Around::Schedule));
    }
}
