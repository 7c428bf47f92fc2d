//! Random documents that are valid in a schema.

use std::collections::HashMap;

use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputObjectType, InputValueDefinition, Type, TypeKind, TypeSystemDefinition,
};

/// Random choices, reproducible from a seed (splitmix64).
pub(super) struct Choices(pub(super) u64);

impl Choices {
    /// A number below `limit`.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % limit as u64).unwrap()
    }

    fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// A selected field.
#[derive(Debug)]
pub(super) struct Selected<'a> {
    /// The key in the response.
    pub(super) key: String,
    pub(super) parent: &'a str,
    pub(super) field: &'a FieldDefinition,
    pub(super) below: Vec<Selected<'a>>,
    arguments: String,
}

impl Selected<'_> {
    fn write(selected: &[Self]) -> String {
        let written = selected.iter().map(|one| {
            let below = if one.below.is_empty() {
                String::new()
            } else {
                format!(" {{ {} }}", Self::write(&one.below))
            };
            format!("{}: {}{}{below}", one.key, one.field.name.node, one.arguments)
        });
        written.collect::<Vec<_>>().join(" ")
    }
}

/// The text of an operation.
pub(super) fn written(operation: &str, selected: &[Selected<'_>]) -> String {
    format!("{operation} {{ {} }}", Selected::write(selected))
}

/// The types of a schema from which documents are made.
#[derive(Default)]
pub(super) struct Types {
    pub(super) objects: HashMap<String, Vec<FieldDefinition>>,
    inputs: HashMap<String, (InputObjectType, bool)>,
    enums: HashMap<String, Vec<String>>,
}

impl Types {
    pub(super) fn read(sdl: &str) -> Self {
        let mut types = Self::default();
        for definition in async_graphql::parser::parse_schema(sdl).unwrap().definitions {
            let TypeSystemDefinition::Type(ty) = definition else {
                continue;
            };
            let name = ty.node.name.node.to_string();
            match ty.node.kind {
                TypeKind::Object(object) => {
                    let fields = object.fields.into_iter().map(|field| field.node);
                    types.objects.insert(name, fields.collect());
                }
                TypeKind::InputObject(input) => {
                    let mut directives = ty.node.directives.iter();
                    let is_one_of = directives.any(|directive| directive.node.name.node == "oneOf");
                    types.inputs.insert(name, (input, is_one_of));
                }
                TypeKind::Enum(values) => {
                    let values = values.values.iter().map(|value| value.node.value.node.to_string());
                    types.enums.insert(name, values.collect());
                }
                TypeKind::Scalar | TypeKind::Union(_) | TypeKind::Interface(_) => {}
            }
        }
        types
    }

    /// Some fields of an object type. `texts` are the texts of arguments, and `rare` fields are selected rarely, since
    /// they take long.
    pub(super) fn selection<'a>(
        &'a self,
        choices: &mut Choices,
        parent: &'a str,
        depth: usize,
        texts: &[&str],
        rare: &[&str],
    ) -> Vec<Selected<'a>> {
        let fields = &self.objects[parent];
        let has_leaf = fields
            .iter()
            .any(|field| !self.objects.contains_key(base(&field.ty.node)));
        let mut selected: Vec<Selected<'a>> = Vec::new();
        while selected.is_empty() {
            for _ in 0..=choices.below(4) {
                let field = choices.pick(fields);
                let name = field.name.node.as_str();
                let ty = base(&field.ty.node);
                let below = self.objects.get_key_value(ty);
                let too_deep = below.is_some() && depth == 0 && has_leaf;
                if too_deep || rare.contains(&name) && !choices.one_in(40) {
                    continue;
                }
                let below = below.map(|(ty, _)| self.selection(choices, ty, depth.saturating_sub(1), texts, rare));
                selected.push(Selected {
                    key: format!("f{}", selected.len()),
                    parent,
                    field,
                    below: below.unwrap_or_default(),
                    arguments: self.arguments(choices, field, texts),
                });
            }
        }
        selected
    }

    fn arguments(&self, choices: &mut Choices, field: &FieldDefinition, texts: &[&str]) -> String {
        let given = self.inputs(choices, field.arguments.iter().map(|argument| &argument.node), texts);
        if given.is_empty() {
            return String::new();
        }
        format!("({given})")
    }

    /// All required inputs and some of the others.
    fn inputs<'a>(
        &self,
        choices: &mut Choices,
        inputs: impl Iterator<Item = &'a InputValueDefinition>,
        texts: &[&str],
    ) -> String {
        let given = inputs.filter_map(|input| {
            let is_required = !input.ty.node.nullable && input.default_value.is_none();
            let is_given = is_required || choices.one_in(3);
            is_given.then(|| format!("{}: {}", input.name.node, self.value(choices, &input.ty.node, texts)))
        });
        given.collect::<Vec<_>>().join(", ")
    }

    fn value(&self, choices: &mut Choices, ty: &Type, texts: &[&str]) -> String {
        let name = match &ty.base {
            BaseType::List(item) => {
                let items = (0..choices.below(4)).map(|_| self.value(choices, item, texts));
                return format!("[{}]", items.collect::<Vec<_>>().join(", "));
            }
            BaseType::Named(name) => name.as_str(),
        };
        match name {
            "Int" => (*choices.pick(&["0", "1", "2", "5", "20", "100", "-1", "1000"])).to_owned(),
            "Float" => (*choices.pick(&["0.5", "0", "1", "-2.5"])).to_owned(),
            "Boolean" => (*choices.pick(&["true", "false"])).to_owned(),
            "DateTime" => "\"2031-02-03T04:05:06Z\"".to_owned(),
            "String" | "ID" => format!("\"{}\"", choices.pick(texts)),
            name => {
                if let Some(values) = self.enums.get(name) {
                    return choices.pick(values).clone();
                }
                let (input, is_one_of) = &self.inputs[name];
                let fields: Vec<_> = input.fields.iter().map(|field| &field.node).collect();
                let given = if *is_one_of {
                    // The first field is a text: documents are read by another process.
                    let field = if choices.one_in(20) {
                        *choices.pick(&fields)
                    } else {
                        fields[0]
                    };
                    format!("{}: {}", field.name.node, self.value(choices, &field.ty.node, texts))
                } else {
                    self.inputs(choices, fields.into_iter(), texts)
                };
                format!("{{ {given} }}")
            }
        }
    }
}

/// The name of a type without `!` and `[]`.
pub(super) fn base(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(item) => base(item),
    }
}
