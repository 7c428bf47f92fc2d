//! Copies of an account and of an event that the services wrote, made in the files of the store. Each entry of the
//! key-value engine that names the account or the event is repeated with other names of the same length. The services would
//! take an hour for a million accounts and ten million events.

use std::ops::Range;
use std::path::Path;
use std::time::Instant;

use portcullis::access::USER;
use portcullis::audit::{Action, Event};
use portcullis::identity::NewUser;
use rand::distr::Alphanumeric;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use surrealkv::{Durability, LSMIterator as _, Mode, Tree};

use crate::service::{PASSWORD, with_accounts};
use crate::tree::{Template, open};

const SESSION: &str = "01997c1e-5a8f-7d10-a7b1-000000000000";
/// The characters of the id of an event. The first 16 are its time in microseconds.
const EVENT_ID: usize = 32;
/// Copies in a transaction.
const BATCH: usize = 3_000;
/// Accounts with the password that is known; those of the others differ.
const KNOWN: usize = 100;

/// The name of an account, in letters that look like no others, so that it is its own skeleton.
pub(crate) fn name(n: usize) -> String {
    let digits = format!("{n:08o}");
    let letters = digits
        .bytes()
        .map(|digit| char::from(b"bdfghjkt"[usize::from(digit - b'0')]));
    format!("applicant-{}", letters.collect::<String>())
}

/// Adds the account and the event that are copied, by the services.
pub(crate) async fn write_first(url: &str) {
    with_accounts(url, async |service| {
        let new = NewUser {
            email: format!("{}@example.org", name(0)).into(),
            username: name(0),
            password: PASSWORD.into(),
        };
        service.create(new, &[USER.to_owned()]).await.unwrap();
        service.audit().note(
            Event::new(Action::Inference)
                .by(Some(&name(0)))
                .within(SESSION)
                .from(Some([192, 0, 2, 7].into()))
                .field("Query.predict")
                .model("occupation@1")
                .cost(10)
                .millis(3),
        );
        service.audit().flush().await.unwrap();
    })
    .await;
}

/// All entries.
fn entries(tree: &Tree) -> Vec<(Vec<u8>, Vec<u8>)> {
    let transaction = tree.begin_with_mode(Mode::ReadOnly).unwrap();
    let mut range = transaction.range(vec![0], vec![u8::MAX]).unwrap();
    let mut entries = Vec::new();
    range.seek_first().unwrap();
    while range.valid() {
        entries.push((range.key().user_key().to_vec(), range.value().unwrap()));
        range.next().unwrap();
    }
    entries
}

/// The id of an event in a key.
fn event_id(key: &[u8]) -> Option<&str> {
    let id = key
        .windows(EVENT_ID)
        .find(|window| window.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
    id.map(|id| std::str::from_utf8(id).unwrap())
}

/// Writes copies of the entries, with the texts of each number.
async fn write(tree: &Tree, numbers: Range<usize>, entries: &[Template], texts: impl Fn(usize) -> Vec<String>) {
    for first in numbers.clone().step_by(BATCH) {
        let mut transaction = tree.begin_with_mode(Mode::WriteOnly).unwrap();
        transaction.set_durability(Durability::Eventual);
        for n in first..numbers.end.min(first + BATCH) {
            let texts = texts(n);
            for entry in entries {
                let (key, value) = entry.copy(&texts);
                transaction.set(key, value).unwrap();
            }
        }
        transaction.commit().await.unwrap();
    }
}

/// The digest at the end of the Argon2 hash in an account.
fn password_digest(value: &[u8]) -> Option<&str> {
    let start = value.windows(10).position(|window| window == b"$argon2id$")?;
    let hash = value[start..].split(|byte| !matches!(byte, b'!'..=b'~')).next()?;
    std::str::from_utf8(hash).unwrap().rsplit('$').next()
}

/// A digest of as much entropy, which no password has.
fn random_digest(n: usize, length: usize) -> String {
    let mut random = StdRng::seed_from_u64(n as u64);
    (0..length).map(|_| char::from(random.sample(Alphanumeric))).collect()
}

/// Repeats what [`write_first`] wrote into a store in this folder until it has so many accounts and events, which belong to
/// the accounts. No other process may have the store open.
pub(crate) async fn multiply(db: &Path, bloom_filters: bool, accounts: usize, events: usize) {
    let since = Instant::now();
    let tree = open(db, bloom_filters);
    let entries = entries(&tree);
    let first_name = name(0);
    let of_session = |value: &[u8]| value.windows(SESSION.len()).any(|window| window == SESSION.as_bytes());
    let event = entries.iter().find(|(_, value)| of_session(value));
    let first = event.and_then(|(key, _)| event_id(key)).unwrap();
    let digest = entries.iter().find_map(|(_, value)| password_digest(value)).unwrap();

    // The event of the creation is not copied.
    let account: Vec<Template> = entries
        .iter()
        .filter(|(key, _)| event_id(key).is_none())
        .map(|(key, value)| Template::new(key, value, &[&first_name, digest]))
        .filter(Template::names_any)
        .collect();
    let digest_of = |n| match n {
        0..KNOWN => digest.to_owned(),
        _ => random_digest(n, digest.len()),
    };
    let texts = |n| vec![name(n), digest_of(n)];
    write(&tree, 1..accounts, &account, texts).await;
    println!(
        "{accounts} accounts of {} entries after {:.0} s",
        account.len(),
        since.elapsed().as_secs_f64()
    );

    let event: Vec<Template> = entries
        .iter()
        .filter(|(key, _)| event_id(key) == Some(first))
        .map(|(key, value)| Template::new(key, value, &[first, &first_name, SESSION]))
        .collect();
    let time = u64::from_str_radix(&first[..EVENT_ID / 2], 16).unwrap();
    let texts = |n: usize| {
        let random = StdRng::seed_from_u64(n as u64).random::<u64>();
        let id = format!("{:016x}{random:016x}", time + n as u64);
        let session = format!("{}{n:012x}", &SESSION[..SESSION.len() - 12]);
        vec![id, name((n * 7919) % accounts), session]
    };
    write(&tree, 1..events, &event, texts).await;
    println!(
        "{events} events of {} entries after {:.0} s",
        event.len(),
        since.elapsed().as_secs_f64()
    );
    tree.close().await.unwrap();
}
