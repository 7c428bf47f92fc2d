//! Flags, files and masks. The environment is tried by starting the binary, in `tests/it`.

use super::*;

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
fn a_flag_beats_the_file_and_the_file_the_default() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("portcullis.toml");
    std::fs::write(&file, "listen = \"127.0.0.1:1\"\nintrospection = false\n").unwrap();
    let flags = Flags {
        config: Some(file),
        listen: Some("127.0.0.1:2".to_owned()),
        ..Flags::default()
    };
    let config = Config::load(&flags).unwrap();
    assert_eq!(config.listen.port(), 2);
    assert!(!config.introspection);
    assert_eq!(config.registration, Registration::Open);
}

#[test]
fn what_is_wrong_is_named_in_one_line() {
    for (text, wanted) in [
        ("lisen = \"x\"", vec!["lisen", "listen"]),
        ("listen = \"x\"", vec!["listen", "\"x\"", "ADDRESS:PORT"]),
        ("introspection = 3", vec!["introspection", "3", "bool"]),
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
        ("issuer = \"\"", vec!["issuer"]),
        ("[quotas]\nUSER = 0", vec!["quotas.USER", "0", "1 to"]),
        ("[quotas]\nUSER = \"many\"", vec!["quotas.USER", "many"]),
        ("[rate_limits]\nGUEST = 0", vec!["rate_limits.GUEST", "0", "1 to"]),
        ("[max_cost]\nUSER = 0", vec!["max_cost.USER", "0", "1 to"]),
        ("deadline_seconds = 0", vec!["deadline_seconds", "0", "1 to 3600"]),
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
            vec!["trusted_documents_only", "true", "trusted_documents, a manifest"],
        ),
        (
            "[[issuers]]\nurl = \"http://id.example.org\"\naudience = \"a\"",
            vec!["issuers[0].url: ", "http://id.example.org", "https://"],
        ),
        ("listen = ", vec!["config"]),
    ] {
        let error = from_file(text).unwrap_err();
        for part in wanted {
            assert!(error.contains(part), "{text}: {error} lacks {part}");
        }
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let flags = Flags {
        config: Some("no/such/file.toml".into()),
        ..Flags::default()
    };
    let error = Config::load(&flags).unwrap_err().to_string();
    assert!(error.contains("no/such/file.toml"), "{error}");
}

#[test]
fn a_list_may_be_one_text() {
    let config = from_file("cors_origins = \"https://a.example, http://b.example:81\"").unwrap();
    assert_eq!(config.cors_origins, ["https://a.example", "http://b.example:81"]);
}

#[test]
fn passwords_are_masked_and_the_rest_is_kept() {
    assert_eq!(mask_password("ws://ann:secret@db:80/ns/db"), "ws://ann:***@db:80/ns/db");
    assert_eq!(mask_password("surrealkv://data/db"), "surrealkv://data/db");
    let config = Config {
        database: Some("ws://ann:secret@db".to_owned()),
        ..Config::default()
    };
    assert!(!config.masked_toml().unwrap().contains("secret"));
}

#[test]
fn the_printed_settings_can_be_read_back() {
    let config = Config {
        database: Some("surrealkv://./data/db".to_owned()),
        issuer: Some("https://id.example.com".to_owned()),
        quotas: [("USER".to_owned(), 1000)].into(),
        rate_limits: [("GUEST".to_owned(), 5)].into(),
        max_cost: [("GUEST".to_owned(), 50)].into(),
        metrics_listen: Some(SocketAddr::from(([127, 0, 0, 1], 9000))),
        tls_cert: Some("cert.pem".into()),
        tls_key: Some("key.pem".into()),
        ..Config::default()
    };
    assert_eq!(from_file(&config.masked_toml().unwrap()).unwrap(), config);
}
