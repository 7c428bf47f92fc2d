//! Enums of the inner modules as enums of the schema: names, order and descriptions are read from the Rust enum, so that
//! a value is added in one place. The modules of the schema call [`schema_enum`].

use std::str::FromStr;

use async_graphql::registry::{EnumBuilder, MetaEnumValue, MetaTypeId, Registry};
use async_graphql::{InputType, InputValueError, InputValueResult, Name, Value};
use strum::{EnumMessage, VariantArray};

/// An enum that is part of the schema without a copy in this module.
pub(super) trait SchemaEnum:
    InputType + Copy + FromStr + Into<&'static str> + EnumMessage + VariantArray
{
    /// The name of the type.
    const NAME: &'static str;
    /// The description of the type.
    const DESCRIPTION: &'static str;
}

/// Makes an enum that derives strum's `EnumMessage`, `EnumString`, `IntoStaticStr` and `VariantArray` a type of the schema.
macro_rules! schema_enum {
    (#[doc = $description:literal] $enum:ty as $name:literal) => {
        impl $crate::graphql::schema::enumeration::SchemaEnum for $enum {
            const NAME: &'static str = $name;
            const DESCRIPTION: &'static str = $description;
        }

        impl ::async_graphql::InputType for $enum {
            type RawValueType = Self;

            fn type_name() -> ::std::borrow::Cow<'static, str> {
                $name.into()
            }

            fn create_type_info(registry: &mut ::async_graphql::registry::Registry) -> String {
                $crate::graphql::schema::enumeration::register::<Self>(registry)
            }

            fn parse(value: Option<::async_graphql::Value>) -> ::async_graphql::InputValueResult<Self> {
                $crate::graphql::schema::enumeration::parse(value)
            }

            fn to_value(&self) -> ::async_graphql::Value {
                $crate::graphql::schema::enumeration::value(*self)
            }

            fn as_raw_value(&self) -> Option<&Self::RawValueType> {
                Some(self)
            }
        }

        impl ::async_graphql::OutputType for $enum {
            fn type_name() -> ::std::borrow::Cow<'static, str> {
                $name.into()
            }

            fn create_type_info(registry: &mut ::async_graphql::registry::Registry) -> String {
                $crate::graphql::schema::enumeration::register::<Self>(registry)
            }

            async fn resolve(
                &self,
                _: &::async_graphql::ContextSelectionSet<'_>,
                _: &::async_graphql::Positioned<::async_graphql::parser::types::Field>,
            ) -> ::async_graphql::ServerResult<::async_graphql::Value> {
                Ok($crate::graphql::schema::enumeration::value(*self))
            }
        }
    };
}
pub(super) use schema_enum;

pub(super) fn register<T: SchemaEnum>(registry: &mut Registry) -> String {
    registry.create_input_type::<T, _>(MetaTypeId::Enum, |_| {
        let values = T::VARIANTS.iter().map(|variant| {
            let name: &str = (*variant).into();
            let mut value = MetaEnumValue::new(name);
            value.description = variant.get_documentation().map(|text| text.trim().to_owned());
            (name.to_owned(), value)
        });
        EnumBuilder::new(T::NAME, values.collect())
            .description(Some(T::DESCRIPTION.trim().to_owned()))
            .rust_typename(std::any::type_name::<T>())
            .build()
    })
}

pub(super) fn parse<T: SchemaEnum>(value: Option<Value>) -> InputValueResult<T> {
    let value = value.unwrap_or_default();
    let name = match &value {
        Value::Enum(name) => name.as_str(),
        // Variables are JSON, which has no enums.
        Value::String(name) => name.as_str(),
        _ => return Err(InputValueError::expected_type(value)),
    };
    name.parse()
        .map_err(|_| InputValueError::custom(format_args!("unknown {}; see the schema for its values", T::NAME)))
}

pub(super) fn value<T: SchemaEnum>(variant: T) -> Value {
    Value::Enum(Name::new(variant.into()))
}

#[cfg(test)]
mod tests {
    //! What a client sends and gets. That the types are in the schema is shown by `tests/it/schema.rs`.

    use super::*;
    use crate::access::Permission;
    use crate::audit::Action;

    fn round_trip<T: SchemaEnum + PartialEq + std::fmt::Debug>() {
        for &variant in T::VARIANTS {
            let name: &str = variant.into();
            assert_eq!(parse::<T>(Some(value(variant))).ok(), Some(variant), "{name}");
            assert_eq!(parse::<T>(Some(Value::from(name))).ok(), Some(variant), "{name}");
            assert!(variant.get_documentation().is_some(), "{name} has no description");
        }
        for wrong in [
            Value::Null,
            Value::from(1),
            Value::from("predict"),
            Value::Enum(Name::new("NONE")),
        ] {
            assert!(parse::<T>(Some(wrong.clone())).is_err(), "{wrong}");
        }
        assert!(parse::<T>(None).is_err());
    }

    #[test]
    fn every_value_is_read_as_it_is_written() {
        round_trip::<Permission>();
        round_trip::<Action>();
    }

    #[test]
    fn the_type_has_every_value_in_its_order() {
        let mut registry = Registry::default();
        assert_eq!(register::<Permission>(&mut registry), "Permission!");
        let Some(async_graphql::registry::MetaType::Enum { enum_values, .. }) = registry.types.get("Permission") else {
            panic!("Permission is not an enum");
        };
        let names: Vec<_> = enum_values.keys().map(String::as_str).collect();
        assert_eq!(names, Permission::VARIANTS.iter().map(|p| p.name()).collect::<Vec<_>>());
        assert_eq!(enum_values["PREDICT"].description.as_deref(), Some("Run a classifier."));
    }
}
