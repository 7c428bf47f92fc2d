//! Damaged backups: each is refused with a reason of one line, and nothing of it is left.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::super::sealed::{CHUNK, TAG};
use super::super::secret::HEADER;
use super::*;

const SEALED: usize = CHUNK + TAG;

/// An intact backup of at least five chunks.
static INTACT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let place = Place::new();
    closed_store(&place);
    let file = place.path("backup");
    place.back_up(&file, &key()).unwrap();
    let intact = fs::read(file).unwrap();
    assert!(intact.len() > HEADER + 5 * SEALED, "{}", intact.len());
    intact
});

/// Creates a store with a note that does not compress much.
fn closed_store(place: &Place) {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = place.store().await;
        write(&store, 450_000).await;
        store.close().await;
    });
}

/// The offset of a chunk.
fn chunk(number: usize) -> usize {
    HEADER + number * SEALED
}

fn refusal(bytes: &[u8], secret: &Secret) -> Damage {
    let place = Place::new();
    let (file, to) = (place.path("backup"), place.path("restored"));
    fs::write(&file, bytes).unwrap();
    let error = verify(&file, secret, &go_on).expect_err("a damaged backup is refused");
    let line = error.to_string();
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(line.starts_with(&format!("{}: ", file.display())), "{line}");
    let again = unpack(&file, secret, &to, &go_on).unwrap_err();
    assert_eq!(again.to_string(), line);
    assert!(!to.exists());
    let BackupError::Refused { damage, .. } = error else {
        panic!("{line}");
    };
    damage
}

#[test]
fn every_kind_of_damage_is_refused_with_its_reason() {
    let intact = &*INTACT;
    let mut refused = 0;
    let mut check = |bytes: &[u8], expected: &dyn Fn(&Damage) -> bool| {
        let damage = refusal(bytes, &key());
        assert!(expected(&damage), "{damage}");
        refused += 1;
    };
    let changed = |at: usize| {
        let mut bytes = intact.clone();
        bytes[at] ^= 0x20;
        bytes
    };
    // Other files.
    for bytes in [&b""[..], b"PORTC", b"not a backup", &[0; 4096]] {
        check(bytes, &|damage| *damage == Damage::NotABackup);
    }
    check(&changed(3), &|damage| *damage == Damage::NotABackup);
    check(&changed(8), &|damage| {
        matches!(damage, Damage::TooNew { found: 0x21, known: 1 })
    });
    for at in 9..HEADER {
        check(&changed(at), &|damage| *damage == Damage::Header);
    }
    // The beginning, the middle and the tag of each chunk.
    let last = (intact.len() - HEADER) / SEALED;
    for number in 0..=last {
        let (from, to) = (chunk(number), intact.len().min(chunk(number + 1)));
        for at in [from, usize::midpoint(from, to), to - 1] {
            let part = Damage::Part {
                from: from as u64,
                to: to as u64,
            };
            check(&changed(at), &|damage| *damage == part);
        }
    }
    // Cut off in the header, within a chunk, and between two.
    for at in [9, HEADER - 1, HEADER, HEADER + 5] {
        check(&intact[..at], &|damage| *damage == Damage::Cut(at as u64));
    }
    for number in 1..=last {
        let at = chunk(number);
        check(&intact[..at], &|damage| *damage == Damage::Cut(at as u64));
        check(&intact[..at - 1], &|damage| matches!(damage, Damage::Part { .. }));
        check(&intact[..at + 1], &|damage| {
            matches!(damage, Damage::Part { .. } | Damage::Cut(_))
        });
    }
    // Continued.
    check(&[intact, &b"x"[..]].concat(), &|damage| {
        matches!(damage, Damage::Part { .. } | Damage::Appended(_))
    });
    check(&[intact, &intact[..]].concat(), &|damage| {
        matches!(damage, Damage::Part { .. })
    });
    // Chunks removed, doubled and exchanged.
    for number in 0..last {
        let (before, after) = (&intact[..chunk(number)], &intact[chunk(number + 1)..]);
        let this = &intact[chunk(number)..chunk(number + 1)];
        check(&[before, after].concat(), &|damage| {
            matches!(damage, Damage::Part { .. })
        });
        check(&[before, this, this, after].concat(), &|damage| {
            matches!(damage, Damage::Part { .. })
        });
        if let Some(later) = after.get(SEALED..) {
            let exchanged = [before, &after[..SEALED], this, later].concat();
            check(&exchanged, &|damage| matches!(damage, Damage::Part { .. }));
        }
    }
    assert!(refused >= 40, "{refused}");
}

#[test]
fn another_secret_is_told_from_damage() {
    let other = Secret::Key(zeroize::Zeroizing::new([8; 32]));
    assert_eq!(refusal(&INTACT, &other), Damage::WrongSecret);
    let passphrase = Secret::Passphrase("twelve letters".into());
    assert_eq!(refusal(&INTACT, &passphrase), Damage::NeedsKeyFile);
    let place = Place::new();
    closed_store(&place);
    let file = place.path("backup");
    place.back_up(&file, &passphrase).unwrap();
    let bytes = fs::read(file).unwrap();
    assert_eq!(refusal(&bytes, &key()), Damage::NeedsPassphrase);
    let wrong = Secret::Passphrase("twelve Letters".into());
    assert_eq!(refusal(&bytes, &wrong), Damage::WrongSecret);
}

#[test]
fn the_contents_are_not_readable_without_the_key_and_differ_each_time() {
    let place = Place::new();
    fs::write(place.data().join("keys/current.pem"), "-----BEGIN PRIVATE KEY-----").unwrap();
    closed_store(&place);
    let files = ["one", "two"].map(|name| place.path(name));
    let contents = files.map(|file| {
        place.back_up(&file, &key()).unwrap();
        fs::read(file).unwrap()
    });
    let found = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    for bytes in &contents {
        assert!(!found(bytes, b"PRIVATE KEY") && !found(bytes, b"sstables"));
    }
    assert_ne!(contents[0][HEADER..HEADER + 64], contents[1][HEADER..HEADER + 64]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_changed_byte_is_refused(at in any::<prop::sample::Index>(), change in 1..=u8::MAX) {
        let mut bytes = INTACT.clone();
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        refusal(&bytes, &key());
    }

    #[test]
    fn any_truncation_is_refused(at in any::<prop::sample::Index>()) {
        refusal(&INTACT[..at.index(INTACT.len())], &key());
    }

    #[test]
    fn any_exchange_of_parts_is_refused(
        one in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
        length in 1..2 * SEALED,
    ) {
        let mut bytes = INTACT.clone();
        let length = length.min(bytes.len() / 2);
        let (one, other) = (one.index(bytes.len() - length), other.index(bytes.len() - length));
        let part = INTACT[one..one + length].to_vec();
        bytes[other..other + length].copy_from_slice(&part);
        prop_assume!(bytes != *INTACT);
        refusal(&bytes, &key());
    }
}
