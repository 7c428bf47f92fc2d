//! Encryption of values: what is read again, and what is refused. Whole stores are tested in `data_key::tests`.

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

fn cipher(keys: &[u8]) -> FieldCipher {
    let keys = keys.iter().map(|byte| DataKey::derive(&[*byte; SECRET]).unwrap());
    FieldCipher::new(keys.collect(), &[9; SECRET])
}

fn open(cipher: &FieldCipher, column: Column, record: &str, stored: &str) -> Result<String, Error> {
    cipher.open(column, record, stored.to_owned())
}

proptest! {
    #[test]
    fn every_text_is_read_again_in_its_place_only(text in any::<String>(), record in any::<String>()) {
        let cipher = cipher(&[1]);
        let sealed = cipher.seal(Column::UserEmail, &record, &text).unwrap();
        // A shorter text may be in the encoded bytes by chance.
        prop_assert!(text.len() < 8 || !sealed.contains(&text));
        prop_assert_eq!(&open(&cipher, Column::UserEmail, &record, &sealed).unwrap(), &text);
        let other = format!("{record}x");
        let moved = open(&cipher, Column::UserEmail, &other, &sealed);
        prop_assert!(matches!(moved, Err(Error::Undecryptable(_))), "{moved:?}");
        let moved = open(&cipher, Column::UserSubject, &record, &sealed);
        prop_assert!(matches!(moved, Err(Error::Undecryptable(_))), "{moved:?}");
    }

    #[test]
    fn all_bytes_are_read_again_in_their_place_only(bytes in any::<Vec<u8>>(), record in any::<String>()) {
        let cipher = cipher(&[1]);
        let sealed = cipher.seal_bytes(Column::JobTerms, &record, bytes.clone()).unwrap();
        prop_assert_eq!(cipher.open_bytes(Column::JobTerms, &record, sealed.clone()).unwrap(), bytes);
        let other = format!("{record}x");
        prop_assert!(cipher.open_bytes(Column::JobTerms, &other, sealed.clone()).is_err());
        prop_assert!(cipher.open_bytes(Column::JobVector, &record, sealed).is_err());
    }

    #[test]
    fn a_value_with_a_changed_bit_is_refused(text in any::<String>(), at in any::<Index>(), bit in 0_u32..8) {
        let cipher = cipher(&[1]);
        let sealed = cipher.seal(Column::JobText, "j", &text).unwrap();
        let mut bytes = URL_SAFE_NO_PAD.decode(&sealed[TEXT_MARK.len()..]).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let changed = format!("{TEXT_MARK}{}", URL_SAFE_NO_PAD.encode(&bytes));
        prop_assert!(open(&cipher, Column::JobText, "j", &changed).is_err());
        bytes.truncate(at);
        let cut = format!("{TEXT_MARK}{}", URL_SAFE_NO_PAD.encode(&bytes));
        prop_assert!(open(&cipher, Column::JobText, "j", &cut).is_err());

        let mut bytes = cipher.seal_bytes(Column::JobHalves, "j", text.into_bytes()).unwrap();
        let at = BYTES_MARK.len() + at % (bytes.len() - BYTES_MARK.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(cipher.open_bytes(Column::JobHalves, "j", bytes).is_err());
    }
}

#[test]
fn another_key_is_refused_and_a_previous_one_reads() {
    let old = cipher(&[1]);
    let sealed = old.seal(Column::ApiKeyName, "k", "nightly").unwrap();
    for without in [cipher(&[2]), FieldCipher::default()] {
        let refused = open(&without, Column::ApiKeyName, "k", &sealed);
        assert!(matches!(refused, Err(Error::UnknownDataKey(_))), "{refused:?}");
        assert!(!refused.unwrap_err().to_string().contains("nightly"));
    }
    let both = cipher(&[2, 1]);
    assert_eq!(open(&both, Column::ApiKeyName, "k", &sealed).unwrap(), "nightly");
    let renewed = both.renew(Column::ApiKeyName, "k", &sealed).unwrap().unwrap();
    assert_eq!(both.renew(Column::ApiKeyName, "k", &renewed).unwrap(), None);
    assert_eq!(
        open(&cipher(&[2]), Column::ApiKeyName, "k", &renewed).unwrap(),
        "nightly"
    );
    assert!(open(&old, Column::ApiKeyName, "k", &renewed).is_err());
}

#[test]
fn values_that_are_not_encrypted_are_read_and_renewed() {
    let (none, cipher) = (FieldCipher::default(), cipher(&[1]));
    for text in ["", "ann@example.org", "1:", "\u{1}"] {
        assert_eq!(none.seal(Column::UserEmail, "ann", text).unwrap(), text);
        assert_eq!(open(&cipher, Column::UserEmail, "ann", text).unwrap(), text);
        let renewed = cipher.renew(Column::UserEmail, "ann", text).unwrap().unwrap();
        assert_eq!(open(&cipher, Column::UserEmail, "ann", &renewed).unwrap(), text);
        assert_eq!(none.renew(Column::UserEmail, "ann", text).unwrap(), None);
    }
    // The only list of terms that begins like encrypted bytes.
    let last_term = vec![0xff, 0xff, 0xff, 0xff, 1];
    for bytes in [Vec::new(), last_term, vec![0; 388]] {
        assert_eq!(none.seal_bytes(Column::JobTerms, "j", bytes.clone()).unwrap(), bytes);
        assert_eq!(cipher.open_bytes(Column::JobTerms, "j", bytes.clone()).unwrap(), bytes);
        let renewed = cipher.renew_bytes(Column::JobTerms, "j", &bytes).unwrap().unwrap();
        assert_eq!(cipher.renew_bytes(Column::JobTerms, "j", &renewed).unwrap(), None);
        assert_eq!(cipher.open_bytes(Column::JobTerms, "j", renewed).unwrap(), bytes);
    }
}

#[test]
fn equal_values_look_different_and_equal_names_have_one_hash() {
    let cipher = cipher(&[1]);
    let seal = || cipher.seal(Column::SessionAddress, "s", "192.0.2.1").unwrap();
    assert_ne!(seal(), seal());
    let key = cipher.lookup_key("email", "ann@example.org").unwrap();
    assert_eq!(cipher.lookup_key("email", "ann@example.org").unwrap(), key);
    assert_ne!(cipher.lookup_key("haunt", "ann@example.org").unwrap(), key);
    assert_ne!(cipher.lookup_key("email", "bob@example.org").unwrap(), key);
    assert!(FieldCipher::is_lookup_key(&key) && !key.contains("ann"));
    assert_eq!(FieldCipher::default().lookup_key("email", "ann@example.org"), None);
    let long = format!("{HASH_MARK}{}@example.org", "a".repeat(HASH_CHARS - 12));
    assert_eq!(long.len(), key.len());
    for other in ["ann@example.org", "0123456789abcdefghijkl", &long] {
        assert!(!FieldCipher::is_lookup_key(other), "{other}");
    }
}

#[test]
fn no_key_is_printed() {
    let shown = format!("{:?}", cipher(&[7, 8]));
    assert!(shown.contains(&DataKey::derive(&[7; SECRET]).unwrap().id()), "{shown}");
    assert!(!shown.contains("7, 7") && !shown.contains("0707"), "{shown}");
}
