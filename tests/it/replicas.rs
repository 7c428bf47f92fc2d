//! Several processes over one store, behind a TCP load balancer.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use portcullis_test_support::tcp_balancer::TcpBalancer;
use portcullis_test_support::websocket::SocketClient;
use serde_json::{Value, json};

use crate::harness::PASSWORD;
use crate::replica::{
    NOTICE, Replicas, Reply, accounts, ask, enable, events, login, register, sign_up, store, try_login, viewer,
};

const REFRESH: &str = "mutation($token: String!) { refresh(input: { refreshToken: $token }) {
    tokens { accessToken refreshToken } errors { code } } }";
const PREDICT: &str =
    "{ predict(input: { model: \"occupation\", inputs: [{ text: \"Weld pipes\" }] }) { predictions { label } } }";

/// The results of the same work, started in so many threads at once.
fn at_once<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = std::sync::Barrier::new(count);
    thread::scope(|threads| {
        let running: Vec<_> = (0..count)
            .map(|number| {
                let (barrier, work) = (&barrier, &work);
                threads.spawn(move || {
                    barrier.wait();
                    work(number)
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn sessions_names_and_limits_hold_across_replicas() {
    let store = store();
    let variables = [("PORTCULLIS_QUOTAS", "{USER=25}")];
    let replicas = Replicas::start(&store, 3, &variables);
    let addresses = replicas.addresses();
    let balancer = TcpBalancer::start(addresses.clone());

    // A token of one is valid at the others.
    let (ann, refresh) = sign_up(&addresses[0], "ann");
    for address in &addresses {
        assert_eq!(viewer(address, &ann).data("/viewer/user/id"), "ann");
    }

    // One refresh token, used at all of them at once, has one successor.
    let replies = at_once(20, |_| {
        let variables = json!({ "token": refresh });
        ask(balancer.address(), None, REFRESH, &variables).unwrap()
    });
    let successors: BTreeSet<&str> = replies
        .iter()
        .filter_map(|reply| reply.body["data"]["refresh"]["tokens"]["refreshToken"].as_str())
        .collect();
    assert_eq!(successors.len(), 1, "{replies:?}");
    // The session continues with it.
    let reply = ask(&addresses[2], None, REFRESH, &json!({ "token": successors.first() })).unwrap();
    assert_eq!(reply.data("/refresh/errors"), &json!([]), "{reply:?}");

    // One of the registrations of a name wins.
    let replies = at_once(12, |number| {
        let address = &addresses[number % addresses.len()];
        register(address, "bea").unwrap()
    });
    let won = |reply: &&Reply| reply.body["data"]["register"]["user"]["id"] == "bea";
    assert_eq!(replies.iter().filter(won).count(), 1, "{replies:?}");
    for reply in replies.iter().filter(|reply| !won(reply)) {
        assert!(reply.data("/register/errors/0/code").is_string(), "{reply:?}");
    }

    // 25 units per hour pay two predictions of 10, wherever they are asked for; four if a new hour begins meanwhile.
    let cid = sign_up(&addresses[1], "cid").0;
    let paid = (0..6)
        .map(|number| ask(&addresses[number % addresses.len()], Some(&cid), PREDICT, &json!({})).unwrap())
        .filter(|reply| reply.code() != "QUOTA_EXCEEDED")
        .inspect(|reply| assert_eq!(reply.status, 200, "{reply:?}"))
        .count();
    assert!((2..=4).contains(&paid), "{paid}");

    // Ten wrong passwords are free in all, not at each, which would be all 30. On a slow machine, the first delays pass by
    // themselves.
    let guesses = (0..30).map(|number| {
        let reply = try_login(&addresses[number % addresses.len()], "cid", "not the password");
        reply.data("/login/errors/0/code").as_str().unwrap().to_owned()
    });
    let free = guesses.take_while(|code| code == "INVALID_CREDENTIALS").count();
    assert!((10..30).contains(&free), "{free}");

    for server in replicas.servers {
        server.stop();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_account_is_refused_at_every_replica_and_its_sockets_close() {
    let store = store();
    let replicas = Replicas::start(&store, 2, &[]);
    let addresses = replicas.addresses();
    let admin = login(&addresses[0], "admin").0;
    let ann = sign_up(&addresses[1], "ann").0;
    let mut sockets = Vec::new();
    for server in &replicas.servers {
        let mut socket = SocketClient::start(&server.url(), Some(&ann)).await;
        socket.subscribe("1", "subscription { viewer { user { id } } }").await;
        assert_eq!(socket.message().await["type"], "next");
        sockets.push(socket);
    }
    enable(&addresses[0], &admin, "ann", false);
    // The replica that disabled the account refuses it at once, the other within a second on an idle machine.
    assert_eq!(viewer(&addresses[0], &ann).code(), "UNAUTHENTICATED");
    let since = Instant::now();
    while viewer(&addresses[1], &ann).code() != "UNAUTHENTICATED" {
        assert!(since.elapsed() < NOTICE);
        thread::sleep(Duration::from_millis(20));
    }
    for mut socket in sockets {
        let (_, code) = socket.until_closed().await;
        assert_eq!(code, 4403);
    }
    // Once refused, always refused.
    for address in addresses.iter().cycle().take(20) {
        assert_eq!(viewer(address, &ann).code(), "UNAUTHENTICATED");
    }
    for server in replicas.servers {
        server.stop();
    }
}

#[test]
fn a_killed_replica_loses_nothing_that_was_acknowledged() {
    let store = store();
    let mut replicas = Replicas::start(&store, 3, &[]);
    let addresses = replicas.addresses();
    let balancer = TcpBalancer::start(addresses.clone());
    let admin = login(&addresses[0], "admin").0;
    let stop = AtomicBool::new(false);
    let (acknowledged, cut_off) = thread::scope(|threads| {
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let (balancer, stop) = (&balancer, &stop);
                threads.spawn(move || {
                    let (mut acknowledged, mut cut_off) = (Vec::new(), 0);
                    for number in 0.. {
                        if stop.load(Ordering::SeqCst) {
                            break;
                        }
                        let name = format!("writer{writer}x{number}");
                        match register(balancer.address(), &name) {
                            Some(reply) => {
                                assert_eq!(reply.data("/register/user/id"), &json!(name), "{reply:?}");
                                acknowledged.push(name);
                            }
                            None => cut_off += 1,
                        }
                    }
                    (acknowledged, cut_off)
                })
            })
            .collect();
        thread::sleep(Duration::from_secs(3));
        let killed = &mut replicas.servers[1].child;
        killed.kill().unwrap();
        killed.wait().unwrap();
        thread::sleep(Duration::from_secs(3));
        stop.store(true, Ordering::SeqCst);
        let mut all = (BTreeSet::new(), 0);
        for writer in writers {
            let (acknowledged, cut_off) = writer.join().unwrap();
            all.0.extend(acknowledged);
            all.1 += cut_off;
        }
        all
    });
    // Each writer had at most one request at the killed replica.
    assert!(cut_off <= 4, "{cut_off}");
    assert!(acknowledged.len() > 4, "{acknowledged:?}");
    let stored = accounts(&addresses[2], &admin);
    let found: BTreeSet<String> = stored.iter().cloned().collect();
    assert_eq!(stored.len(), found.len(), "an account is listed twice");
    let missing: Vec<_> = acknowledged.difference(&found).collect();
    assert!(missing.is_empty(), "{missing:?}");

    // The trail has one event for each account, in the order of time.
    let events = events(&addresses[2], &admin, "REGISTERED");
    let subjects: Vec<&str> = events.iter().filter_map(|event| event["subject"].as_str()).collect();
    let once: BTreeSet<&str> = subjects.iter().copied().collect();
    assert_eq!(subjects.len(), once.len(), "an event is listed twice");
    assert!(acknowledged.iter().all(|name| once.contains(name.as_str())));
    let times: Vec<&Value> = events.iter().map(|event| &event["at"]).collect();
    assert!(
        times.windows(2).all(|pair| pair[0].as_str() >= pair[1].as_str()),
        "{times:?}"
    );
    // The rest go on.
    assert_eq!(try_login(balancer.address(), "admin", PASSWORD).code(), "");
}
