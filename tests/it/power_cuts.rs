//! The store of a server after a power cut at any moment: it opens, with every account whose registration was
//! acknowledged, and none that was not requested. The states are built from what the process wrote and synced.
//! `just power-cuts` checks more of them, under more workloads.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use portcullis::clock::SystemClock;
use portcullis::identity::{Accounts, KeySource, Settings, UserFilter, UserOrder};
use portcullis::store::Store;
use portcullis_test_support::power_cut::{Loss, Notes, Random, Recorder};
use serde_json::json;

use crate::harness::PASSWORD;
use crate::process::{Server, portcullis};

const STATES: usize = 48;
const SEED: u64 = 1;
const AT_ONCE: usize = 4;
/// Of each client, before the server is killed and after its next start.
const REGISTRATIONS: usize = 4;

fn register(server: &Server, notes: &Notes, part: usize) {
    std::thread::scope(|scope| {
        for client in 0..AT_ONCE {
            scope.spawn(move || {
                for n in 0..REGISTRATIONS {
                    let name = format!("person-{part}-{client}-{n}");
                    notes.add(&format!("begin {name}"));
                    let query = "mutation($input: RegisterInput!) { register(input: $input) { user { id } } }";
                    let input =
                        json!({ "username": name, "email": format!("{name}@example.org"), "password": PASSWORD });
                    let answer = server.graphql(None, query, &json!({ "input": input }));
                    assert_eq!(answer["data"]["register"]["user"]["id"], name, "{answer}");
                    notes.add(&format!("done {name}"));
                }
            });
        }
    });
}

/// The accounts in the store below this folder.
async fn accounts(root: &Path) -> BTreeSet<String> {
    let store = Store::open(&format!("surrealkv://{}", root.join("db").display())).await;
    let store = Arc::new(store.unwrap());
    let settings = Settings {
        key: KeySource::Ephemeral,
        ..Settings::default()
    };
    let accounts = Accounts::new(Arc::clone(&store), Arc::new(SystemClock), settings).unwrap();
    let page = accounts
        .list(100, None, &UserFilter::default(), UserOrder::default())
        .await;
    let found = page.unwrap().users.into_iter().map(|user| {
        // The administrator of the first start has another address.
        let is_whole = user.username == "admin" || user.email == format!("{}@example.org", user.username);
        assert!(is_whole, "{user:?}");
        user.username.clone()
    });
    let found = found.filter(|name| name != "admin").collect();
    portcullis::app::close(store, accounts).await;
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn no_power_cut_loses_an_acknowledged_registration() {
    let place = tempfile::tempdir().unwrap();
    let (data, root, tools) = (
        place.path().join("data"),
        place.path().join("root"),
        place.path().join("tools"),
    );
    for folder in [&root, &tools] {
        std::fs::create_dir(folder).unwrap();
    }
    let recorder = Recorder::new(&tools, &root);
    let start = || {
        let mut command = portcullis(&data);
        command.env(
            "PORTCULLIS_DATABASE",
            format!("surrealkv://{}", root.join("db").display()),
        );
        recorder.record(&mut command);
        Server::start(&mut command)
    };
    let notes = recorder.notes();
    let mut server = start();
    register(&server, &notes, 0);
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    let server = start();
    register(&server, &notes, 1);
    server.stop();

    let recording = recorder.finish();
    assert!(recording.syncs() > 20, "{}", recording.syncs());
    let mut random = Random::new(SEED);
    let mut kept = 0;
    for state in 0..STATES {
        let (moment, loss) = (recording.moment(&mut random), Loss::ALL[state % Loss::ALL.len()]);
        let image = tempfile::tempdir().unwrap();
        recording.build(moment, loss, &mut random, image.path());
        let found = accounts(image.path()).await;
        let noted = |kind: &str| {
            let notes = recording.notes(moment);
            notes
                .filter_map(|note| note.strip_prefix(kind))
                .map(str::to_owned)
                .collect::<BTreeSet<_>>()
        };
        let (begun, done) = (noted("begin "), noted("done "));
        let what = format!("state {state}, {moment} of {} entries, {loss:?}", recording.len());
        assert!(done.is_subset(&found), "{what}: lost {:?}", done.difference(&found));
        assert!(
            found.is_subset(&begun),
            "{what}: unknown {:?}",
            found.difference(&begun)
        );
        kept += done.len();
    }
    assert!(kept > STATES, "most of the states are after registrations: {kept}");
}
