//! A JSON object without duplicate members. RFC 7519 lets a parser choose between rejecting duplicates and using the
//! last one; parsers that differ in this can be attacked (RFC 8725, 2.6).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::{Map, Value};

use crate::identity::numeric_date::NumericDate;

/// The members of a JOSE header or a claims set.
#[derive(Debug)]
pub(super) struct Members(Map<String, Value>);

impl Members {
    /// Decodes one part of a token.
    pub(super) fn decode(part: &str) -> Result<Self, &'static str> {
        let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| "it is malformed")?;
        serde_json::from_slice(&bytes)
            .map_err(|_| "its header and claims must be JSON objects without duplicate members")
    }

    /// Returns a member; one that is null counts as absent.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// Returns an optional string member.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, &'static str> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err("a member that must be a string is not one"),
        }
    }

    /// Returns an optional time.
    pub(super) fn time(&self, name: &str) -> Result<Option<NumericDate>, &'static str> {
        self.get(name).map(NumericDate::read).transpose()
    }

    /// Returns whether the object has one of these members, even if it is null.
    pub(super) fn names_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.0.contains_key(*name))
    }

    /// Returns whether the object has one of these members, and it is not null.
    pub(super) fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.get(name).is_some())
    }

    /// Returns the value at a path of names separated by dots. Names may contain dots themselves, as URLs do; the
    /// longest matching name is used.
    pub(super) fn at(&self, path: &str) -> Option<&Value> {
        descend(&self.0, path).filter(|value| !value.is_null())
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
                f.write_str("an object without duplicate members")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Map::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if members.insert(name, value).is_some() {
                        return Err(A::Error::custom("duplicate member"));
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
    //! Objects and paths; their use in tokens is tested in `identity::tests`.

    use serde_json::json;

    use super::*;

    #[test]
    fn duplicate_members_are_refused() {
        for text in ["{\"a\":1,\"a\":1}", "[]", "1", "", "{", "{\"a\":1}x"] {
            assert!(serde_json::from_str::<Members>(text).is_err(), "{text}");
        }
        assert!(serde_json::from_str::<Members>("{\"a\":1,\"b\":{\"a\":2}}").is_ok());
    }

    #[test]
    fn null_members_are_absent() {
        let members: Members = serde_json::from_str("{\"a\":null,\"b\":{\"c\":null},\"d\":false}").unwrap();
        assert_eq!(
            (members.get("a"), members.text("a"), members.time("a")),
            (None, Ok(None), Ok(None))
        );
        assert_eq!(
            (members.at("a"), members.at("b.c"), members.has_any(&["a"])),
            (None, None, false)
        );
        assert!(members.has_any(&["a", "d"]) && members.text("d").is_err() && members.time("d").is_err());
    }

    #[test]
    fn paths_match_names_with_dots() {
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
