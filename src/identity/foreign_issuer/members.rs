//! A JSON object whose members are each there once. RFC 7519 lets a reader choose when one comes twice, and two readers
//! that choose differently are an attack (RFC 8725, 2.6).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::{Map, Value};

/// The members of a header or of a set of claims.
#[derive(Debug)]
pub(super) struct Members(Map<String, Value>);

impl Members {
    /// Reads one part of a token.
    pub(super) fn decode(part: &str) -> Result<Self, &'static str> {
        let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| "it is malformed")?;
        serde_json::from_slice(&bytes).map_err(|_| "its parts are not JSON objects with each member once")
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A member that must be text where it is there.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, &'static str> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err("a member that must be text is none"),
        }
    }

    /// A member that must be a whole number where it is there.
    pub(super) fn whole(&self, name: &str) -> Result<Option<i64>, &'static str> {
        self.0
            .get(name)
            .map(|value| value.as_i64().ok_or("a time in it is not a whole number of seconds"))
            .transpose()
    }

    pub(super) fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.0.contains_key(*name))
    }

    /// What lies at a path: a name, or names with dots in between. A name may hold dots itself, as those do that are
    /// URLs; the longest name that fits is taken.
    pub(super) fn at(&self, path: &str) -> Option<&Value> {
        descend(&self.0, path)
    }
}

fn descend<'a>(object: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    object.get(path).or_else(|| {
        path.rmatch_indices('.').find_map(|(dot, _)| {
            let inner = object.get(&path[..dot])?.as_object()?;
            descend(inner, &path[dot + 1..])
        })
    })
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Once;
        impl<'de> Visitor<'de> for Once {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with each member once")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Map::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if members.insert(name, value).is_some() {
                        return Err(A::Error::custom("a member comes twice"));
                    }
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Once)
    }
}

#[cfg(test)]
mod tests {
    //! Objects and paths; what they mean in a token is tested with tokens.

    use serde_json::json;

    use super::*;

    #[test]
    fn a_member_comes_once() {
        for text in ["{\"a\":1,\"a\":1}", "[]", "1", "", "{", "{\"a\":1}x"] {
            assert!(serde_json::from_str::<Members>(text).is_err(), "{text}");
        }
        assert!(serde_json::from_str::<Members>("{\"a\":1,\"b\":{\"a\":2}}").is_ok());
    }

    #[test]
    fn a_path_finds_names_with_dots_too() {
        let members: Members = serde_json::from_value(json!({
            "roles": 1, "realm_access": { "roles": 2 }, "https://example.org/roles": 3,
            "https://example.org/app": { "v1.roles": 4 }, "a": { "b": { "c": 5 } }, "a.b": 6,
        }))
        .unwrap();
        for (path, found) in [
            ("roles", Some(1)),
            ("realm_access.roles", Some(2)),
            ("https://example.org/roles", Some(3)),
            ("https://example.org/app.v1.roles", Some(4)),
            ("a.b.c", Some(5)),
            ("a.b", Some(6)),
            ("a.c", None),
            ("roles.x", None),
            (".", None),
            ("", None),
        ] {
            assert_eq!(members.at(path).and_then(Value::as_i64), found, "{path}");
        }
    }
}
