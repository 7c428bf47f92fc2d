//! Flags and files. `tests/it` starts the binary to test environment variables.

mod masking;

use std::net::SocketAddr;

use super::*;
use crate::identity::Registration;

fn from_file(text: &str) -> Result<Config, String> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("portcullis.toml");
    std::fs::write(&file, text).unwrap();
    Config::load(&Flags {
        config: Some(file),
        ..Flags::default()
    })
    .map_err(|e| e.to_string())
}

#[test]
fn a_flag_overrides_the_file_and_the_file_the_default() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("portcullis.toml");
    std::fs::write(&file, "listen = \"127.0.0.1:1\"\nintrospection = false\n").unwrap();
    let flags = Flags {
        config: Some(file),
        given: vec![("listen", "127.0.0.1:2".to_owned())],
    };
    let config = Config::load(&flags).unwrap();
    assert_eq!(config.transport.listen.port(), 2);
    assert!(!config.schema.introspection);
    assert_eq!(config.accounts.registration, Registration::Open);
}

#[test]
fn an_invalid_setting_is_named_in_one_line() {
    for (text, wanted) in [
        ("lisen = \"x\"", vec!["lisen", "listen"]),
        ("listen = \"x\"", vec!["listen", "\"x\"", "ADDRESS:PORT"]),
        ("introspection = 3", vec!["introspection: 3 ", "true or false"]),
        (
            "registration = \"maybe\"",
            vec!["registration", "maybe", "open", "approval", "closed"],
        ),
        (
            "signing_algorithm = \"none\"",
            vec!["signing_algorithm", "none", "EdDSA", "HS512"],
        ),
        (
            "signing_algorithm = \"ES256\"",
            vec!["signing_algorithm", "ES256", "signing_key"],
        ),
        (
            "signing_algorithm = \"HS256\"",
            vec!["signing_algorithm", "HS256", "PORTCULLIS_SIGNING_SECRET"],
        ),
        ("threads = 0", vec!["threads", "0", "1 to 1024"]),
        ("device = \"tpu\"", vec!["device", "tpu", "cpu", "cuda", "wgpu"]),
        (
            "device = \"wgpu\"\nprecision = \"int8\"",
            vec!["precision", "int8", "device"],
        ),
        ("precision = \"f16\"", vec!["precision", "f16", "f32", "int8"]),
        ("cors_origins = [\"*\"]", vec!["cors_origins", "*", "https://"]),
        (
            "cors_origins = [\"https://a.example:99999\"]",
            vec!["cors_origins", "99999"],
        ),
        (
            "cors_origins = [\"https://a.example/path\"]",
            vec!["cors_origins", "/path"],
        ),
        ("cors_origins = [\"ftp://a.example\"]", vec!["cors_origins", "ftp"]),
        (
            "trusted_proxies = [\"10.0.0.0/8\", \"proxy.example.com\"]",
            vec!["trusted_proxies: \"proxy.example.com\"", "192.0.2.1", "10.0.0.0/8"],
        ),
        (
            "trusted_proxies = \"10.0.0.0/33\"",
            vec!["trusted_proxies: \"10.0.0.0/33\"", "10.0.0.0/8"],
        ),
        (
            "trusted_proxies = \"0.0.0.0/0\"",
            vec!["trusted_proxies: \"0.0.0.0/0\"", "prefix length of 1"],
        ),
        (
            "trusted_proxies = [\"::/0\"]",
            vec!["trusted_proxies: \"::/0\"", "prefix length of 1"],
        ),
        ("trusted_proxies = 10", vec!["trusted_proxies: 10", "10.0.0.0/8"]),
        ("trusted_proxies = [10]", vec!["trusted_proxies: a list", "10.0.0.0/8"]),
        ("issuer = \"\"", vec!["issuer"]),
        ("[quotas]\nUSER = 0", vec!["quotas.USER", "0", "1 to"]),
        ("[quotas]\nUSER = \"many\"", vec!["quotas.USER", "many", "1 to"]),
        ("[quotas]\nUSER = -1", vec!["quotas.USER", "-1", "1 to"]),
        ("quotas = 5", vec!["quotas", "5", "1 to 2147483647 for each role"]),
        ("[rate_limits]\nGUEST = 0", vec!["rate_limits.GUEST", "0", "1 to"]),
        ("[max_cost]\nUSER = 0", vec!["max_cost.USER", "0", "1 to"]),
        ("deadline_seconds = 0", vec!["deadline_seconds", "0", "1 to 3600"]),
        (
            "deadline_seconds = 99999999999",
            vec!["deadline_seconds", "99999999999", "1 to 3600"],
        ),
        (
            "deadline_seconds = \"30\"",
            vec!["deadline_seconds: \"30\"", "1 to 3600"],
        ),
        ("deadline_seconds = 1.5", vec!["deadline_seconds", "1.5", "1 to 3600"]),
        ("database = 3", vec!["database: 3", "surrealkv://PATH"]),
        (
            "database = \"rocksdb://x\"",
            vec!["database", "rocksdb://x", "surrealkv://PATH"],
        ),
        ("audience = [\"a\"]", vec!["audience: a list", "a non-empty text"]),
        (
            "metrics_listen = \"x\"",
            vec!["metrics_listen", "\"x\"", "ADDRESS:PORT"],
        ),
        ("tls_cert = \"a.pem\"", vec!["tls_cert", "tls_key"]),
        ("tls_key = \"a.pem\"", vec!["tls_key", "tls_cert"]),
        (
            "audit_retention_days = 0",
            vec!["audit_retention_days", "0", "1 to 36500"],
        ),
        ("memory = \"511MiB\"", vec!["memory: \"511MiB\"", "at least 512MiB"]),
        ("memory = \"1 gig\"", vec!["memory: \"1 gig\"", "at least 512MiB"]),
        ("memory = 1073741824", vec!["memory: 1073741824", "at least 512MiB"]),
        (
            "store_memtable_mib = 15",
            vec!["store_memtable_mib", "15", "16 to 4095"],
        ),
        (
            "store_memtable_mib = 4096",
            vec!["store_memtable_mib", "4096", "16 to 4095"],
        ),
        (
            "store_block_cache_mib = 0",
            vec!["store_block_cache_mib", "0", "16 to 1048576"],
        ),
        (
            "access_token_seconds = 0",
            vec!["access_token_seconds", "0", "1 to 86400"],
        ),
        ("session_idle_seconds = 60", vec!["session_idle_seconds", "60", "900"]),
        ("session_seconds = 60", vec!["session_seconds", "60", "604800"]),
        ("max_sessions = 0", vec!["max_sessions", "0", "1 to 10000"]),
        ("token_header = \"a b\"", vec!["token_header", "a b"]),
        ("token_header = \"Cookie\"", vec!["token_header", "Cookie"]),
        ("token_prefix = \"a b\"", vec!["token_prefix", "a b"]),
        ("access_cookie = \"access\"", vec!["access_cookie", "access", "__Host-"]),
        ("refresh_cookie = \"__Host-a;b\"", vec!["refresh_cookie", "__Host-a;b"]),
        (
            "access_cookie = \"__Host-a\"\nrefresh_cookie = \"__Host-a\"",
            vec!["refresh_cookie", "__Host-a", "access_cookie"],
        ),
        ("log = \"a=b=c\"", vec!["log", "a=b=c"]),
        (
            "trusted_documents_only = true",
            vec![
                "trusted_documents_only",
                "true",
                "requires trusted_documents, a manifest",
            ],
        ),
        (
            "[[issuers]]\nurl = \"http://id.example.org\"\naudience = \"a\"",
            vec!["issuers[0].url: ", "http://id.example.org", "https://"],
        ),
        (
            "[[issuers]]\nurl = \"https://id.example.org\"\naudiences = \"a\"",
            vec!["issuers[0]", "audiences", "audience,"],
        ),
        (
            "[[issuers]]\nurl = \"https://id.example.org\"",
            vec!["issuers[0]", "audience is missing"],
        ),
        (
            "[[issuers]]\nurl = \"https://id.example.org\"\naudience = \"a\"\nalgorithms = [\"none\"]",
            vec!["issuers[0].algorithms[0]", "none", "RS256"],
        ),
        ("listen = ", vec!["config"]),
    ] {
        let error = from_file(text).unwrap_err();
        for part in wanted {
            assert!(error.contains(part), "{text}: expected {part:?} in {error}");
        }
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn an_error_names_the_source_of_the_value() {
    let flags = Flags {
        given: vec![("deadline_seconds", "soon".to_owned())],
        ..Flags::default()
    };
    let error = Config::load(&flags).unwrap_err().to_string();
    assert_eq!(
        error,
        "deadline_seconds: \"soon\" is not allowed; expected 1 to 3600 (from the command line)"
    );
    for text in ["deadline_seconds = 0", "listen = \"x\"", "lisen = \"x\""] {
        let error = from_file(text).unwrap_err();
        assert!(error.ends_with("/portcullis.toml)"), "{error}");
    }
}

#[test]
fn text_is_parsed_as_the_type_of_its_setting() {
    let given = |key: &'static str, text: &str| {
        let flags = Flags {
            given: vec![(key, text.to_owned())],
            ..Flags::default()
        };
        Config::load(&flags).map_err(|e| e.to_string())
    };
    assert_eq!(given("audience", "007").unwrap().signing.audience, "007");
    assert_eq!(given("audience", "true").unwrap().signing.audience, "true");
    assert_eq!(given("audience", "\"a b\"").unwrap().signing.audience, "a b");
    assert_eq!(given("token_prefix", "").unwrap().tokens.token_prefix, "");
    assert_eq!(given("threads", "3").unwrap().inference.threads, Some(3));
    assert!(!given("introspection", "false").unwrap().schema.introspection);
    assert_eq!(
        given("cors_origins", "[https://a.example, https://b.example]").unwrap(),
        given("cors_origins", "https://a.example,https://b.example").unwrap()
    );
    // The syntax of tables in environment variables.
    assert_eq!(given("quotas", "{USER=5}").unwrap().limits.quotas["USER"], 5);
}

#[test]
fn every_setting_is_declared_once_and_completely() {
    let printed: toml::Table = Config::default().masked_toml().unwrap().parse().unwrap();
    let mut keys = std::collections::BTreeSet::new();
    for section in &SECTIONS {
        for setting in section.settings {
            assert!(keys.insert(setting.key), "{} is declared twice", setting.key);
            assert!(
                setting.about.ends_with('.') && !setting.about.contains("  "),
                "{setting:?}"
            );
            assert_eq!(
                (section.defaults)().unwrap().contains_key(setting.key),
                setting.unset.is_none(),
                "{}: `unset` is for settings whose default is None",
                setting.key
            );
            for text in [&setting.allowed(), &section.default(setting)] {
                assert!(
                    !text.contains(['|', '\n']),
                    "{text:?} must not break the Markdown table"
                );
            }
        }
    }
    for key in printed.keys() {
        assert!(keys.contains(key.as_str()), "{key} is printed but not declared");
    }
}

#[test]
fn the_documentation_is_up_to_date() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/settings.md");
    let page = std::fs::read_to_string(file).unwrap();
    let (_, generated) = page.split_once("<!-- `just settings` writes the rest. -->\n").unwrap();
    assert!(
        generated == reference(),
        "docs/settings.md is stale: run `just settings`"
    );
}

#[test]
fn the_error_for_a_missing_file_names_it() {
    let flags = Flags {
        config: Some("no/such/file.toml".into()),
        ..Flags::default()
    };
    let error = Config::load(&flags).unwrap_err().to_string();
    assert!(error.contains("no/such/file.toml"), "{error}");
}

#[test]
fn a_list_may_be_a_single_string() {
    from_file("cors_origins = \"HTTPS://A.example:443, http://[::1]:80, https://faß.example\"").unwrap();
    let config = from_file("cors_origins = \"https://a.example, http://b.example:81\"").unwrap();
    assert_eq!(
        config.transport.cors_origins,
        ["https://a.example", "http://b.example:81"]
    );
}

#[test]
fn the_printed_settings_can_be_read_back() {
    let config = Config {
        memory: Memory {
            memory: "1GiB".parse().ok(),
        },
        store: Store {
            database: Some("surrealkv://./data/db".into()),
            store_memtable_mib: Some(32),
            ..Store::default()
        },
        signing: Signing {
            issuer: Some("https://id.example.com".to_owned()),
            ..Signing::default()
        },
        limits: Limits {
            quotas: [("USER".to_owned(), 1000)].into(),
            rate_limits: [("GUEST".to_owned(), 5)].into(),
            max_cost: [("GUEST".to_owned(), 50)].into(),
            ..Limits::default()
        },
        transport: Transport {
            metrics_listen: Some(SocketAddr::from(([127, 0, 0, 1], 9000))),
            tls_cert: Some("cert.pem".into()),
            tls_key: Some("key.pem".into()),
            trusted_proxies: vec!["192.0.2.1".parse().unwrap(), "2001:db8::/32".parse().unwrap()],
            ..Transport::default()
        },
        ..Config::default()
    };
    assert_eq!(from_file(&config.masked_toml().unwrap()).unwrap(), config);
}

#[test]
fn trusted_proxies_are_networks_of_either_version() {
    let contains = |networks: &str, address: &str| {
        let flags = Flags {
            given: vec![("trusted_proxies", networks.to_owned())],
            ..Flags::default()
        };
        let config = Config::load(&flags).unwrap();
        let address = address.parse().unwrap();
        config
            .transport
            .trusted_proxies
            .iter()
            .any(|network| network.contains(address))
    };
    for (networks, inside, outside) in [
        ("10.0.0.0/8", "10.1.2.3", "11.0.0.1"),
        // Bits of the host are ignored.
        ("10.9.9.9/8", "10.1.2.3", "11.0.0.1"),
        ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
        ("192.0.2.1, ::1", "::1", "::2"),
        ("[\"192.0.2.1\", \"2001:db8::/32\"]", "2001:db8:1::2", "2001:db9::1"),
        // Addresses that are mapped to IPv6, on either side.
        ("10.0.0.0/8", "::ffff:10.1.2.3", "::ffff:11.0.0.1"),
        ("::ffff:10.0.0.0/104", "10.1.2.3", "11.0.0.1"),
        ("::ffff:192.0.2.1", "192.0.2.1", "192.0.2.2"),
    ] {
        assert!(contains(networks, inside), "{networks} {inside}");
        assert!(!contains(networks, outside), "{networks} {outside}");
    }
    assert!(!contains("", "127.0.0.1"));
}
