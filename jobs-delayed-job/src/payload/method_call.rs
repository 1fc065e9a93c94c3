//! Calls of methods, `Delayed::PerformableMethod`: the receiver, the method and its arguments.

use super::class_of_tag;
use crate::yaml::{Node, json_of};

/// A call of a method, as `delay` and Action Mailer write it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MethodCall {
    /// What it is called on.
    pub receiver: Receiver,
    /// The method: `deliver`.
    pub method: String,
    /// The arguments as JSON, a list.
    pub arguments: String,
}

/// What a method is called on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Receiver {
    /// A class or a module, by its name.
    Class(String),
    /// A record of Active Record. Ruby looks it up again by its primary key, so its other attributes are not read.
    #[non_exhaustive]
    Record {
        /// Its class.
        class: String,
        /// Its primary key as JSON; `None` if it has none that is called `id`.
        id: Option<String>,
    },
    /// Another object.
    #[non_exhaustive]
    Object {
        /// Its class.
        class: String,
        /// Its instance variables as JSON.
        fields: String,
    },
    /// A plain value as JSON.
    Value(String),
}

pub(super) fn is_call(class: &str) -> bool {
    matches!(class, "Delayed::PerformableMethod" | "Delayed::PerformableMailer")
}

impl MethodCall {
    pub(super) fn of(root: &Node) -> Result<Self, String> {
        let method = root.get("method_name").and_then(Node::as_str).ok_or("it is a call, and names no method")?;
        let receiver = root.get("object").ok_or("it is a call, and names no object")?;
        let arguments = root.get("args").map_or_else(|| "[]".to_owned(), json_of);
        Ok(Self { receiver: Receiver::of(receiver), method: method.to_owned(), arguments })
    }

    pub(super) fn name(&self) -> String {
        let method = &self.method;
        match &self.receiver {
            Receiver::Class(class) => format!("{class}.{method}"),
            Receiver::Record { class, .. } | Receiver::Object { class, .. } => format!("{class}#{method}"),
            Receiver::Value(_) => format!("Object#{method}"),
        }
    }

    /// The receiver, unless it is a class, and the arguments.
    pub(super) fn arguments(&self) -> String {
        let first = match &self.receiver {
            Receiver::Class(_) => return self.arguments.clone(),
            Receiver::Record { id, .. } => id.as_deref().unwrap_or("null"),
            Receiver::Object { fields, .. } => fields,
            Receiver::Value(value) => value,
        };
        let rest = self.arguments.strip_prefix('[').unwrap_or("]");
        let comma = if rest == "]" { "" } else { "," };
        format!("[{first}{comma}{rest}")
    }
}

impl Receiver {
    fn of(node: &Node) -> Self {
        let Node::Tagged(tag, inner) = node else { return Self::Value(json_of(node)) };
        let text = inner.as_str();
        if let ("!ruby/class" | "!ruby/module", Some(name)) = (tag.as_str(), text) {
            return Self::Class(name.to_owned());
        }
        let class = class_of_tag(tag).unwrap_or("Object").to_owned();
        if is_record(tag, inner) {
            return Self::Record { class, id: primary_key(inner).map(json_of) };
        }
        Self::Object { class, fields: json_of(inner) }
    }
}

/// Whether these are the attributes of a record, as some release of Rails writes them.
fn is_record(tag: &str, fields: &Node) -> bool {
    let keys = ["concise_attributes", "raw_attributes", "active_record_yaml_version"];
    tag.starts_with("!ruby/ActiveRecord:") || keys.iter().any(|key| fields.get(key).is_some())
}

/// The attribute `id`: in the list of Rails 5 and newer, or in the map of older ones.
fn primary_key(fields: &Node) -> Option<&Node> {
    if let Some(Node::List(attributes)) = fields.get("concise_attributes") {
        let id = attributes.iter().find(|attribute| attribute.get("name").and_then(Node::as_str) == Some("id"))?;
        return id.get("value_before_type_cast").or_else(|| id.get("value"));
    }
    let attributes = fields.get("raw_attributes").or_else(|| fields.get("attributes"))?;
    attributes.get("id")
}
