//! Sorts the parameters of a function into arguments, which are stored, and what the runtime provides.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident};
use syn::{Attribute, Meta, Pat, PatType, Type, TypeReference};

use crate::errors::Errors;
use crate::model::{Argument, DefaultValue, Parameter, Provided};
use crate::token_text;

/// A parameter that is meant to be stored, and cannot be. Callers pass a value all the same.
pub(crate) struct InvalidParameter {
    pub(crate) cfg: Vec<Attribute>,
}

/// Reads one parameter. `None` if it is not valid and callers pass nothing for it.
pub(crate) fn read(typed: &mut PatType, errors: &mut Errors) -> Option<Result<Parameter, InvalidParameter>> {
    let Attributes { cfg, of_field, default, keyword } = Attributes::take(typed, errors);
    let name = name(&typed.pat, errors);
    let parameter = match (&*typed.ty, name) {
        (Type::Reference(reference), name) => match refusal(reference, default.is_some()) {
            Some(refusal) => {
                errors.at(reference, refusal.message);
                return refusal.is_stored.then_some(Err(InvalidParameter { cfg }));
            }
            None if keyword.is_some() => {
                errors.at(keyword, "`#[keyword]` is for stored arguments; what is provided is not passed to Ruby");
                return None;
            }
            None => Parameter::Provided(Provided { name: name?, ty: provided_type(&reference.elem), cfg }),
        },
        (Type::ImplTrait(ty), _) => {
            errors.at(ty, "`impl Trait` cannot be stored; name the type");
            return Some(Err(InvalidParameter { cfg }));
        }
        (ty, _) if is_owned_context(ty) => {
            errors.at(ty, "the runtime lends a job its context; take `&Context`");
            return None;
        }
        (_, None) => return Some(Err(InvalidParameter { cfg })),
        (ty, Some(name)) => Parameter::Argument(Argument {
            name,
            ty: ty.clone(),
            default,
            is_keyword: keyword.is_some(),
            cfg,
            of_field,
        }),
    };
    Some(Ok(parameter))
}

/// The name of a parameter, if it has one that can be stored.
fn name(pattern: &Pat, errors: &mut Errors) -> Option<Ident> {
    let message = match pattern {
        Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => {
            return Some(stored_name(&pattern.ident));
        }
        Pat::Wild(_) => "a stored argument needs a name; write `_name` for one that is not used",
        _ => "a job's parameter is a plain name; destructure it in the body",
    };
    errors.at(pattern, message);
    None
}

/// `_name` is stored as `name`, so that silencing a warning does not change the stored arguments.
fn stored_name(ident: &Ident) -> Ident {
    let text = ident.to_string();
    let bare = text.trim_start_matches('_');
    if bare.is_empty() || bare == text { ident.clone() } else { format_ident!("{bare}", span = ident.span()) }
}

/// The attributes of a parameter.
struct Attributes {
    cfg: Vec<Attribute>,
    of_field: Vec<Attribute>,
    default: Option<DefaultValue>,
    keyword: Option<Attribute>,
}

impl Attributes {
    /// Takes `#[default]`, `#[keyword]`, `#[serde(..)]` and docs off the parameter, copies `#[cfg]`, leaves the rest.
    fn take(typed: &mut PatType, errors: &mut Errors) -> Self {
        let mut taken = Self { cfg: Vec::new(), of_field: Vec::new(), default: None, keyword: None };
        for one in std::mem::take(&mut typed.attrs) {
            let path = one.path();
            if path.is_ident("default") {
                taken.default = Some(default_value(&one, errors));
            } else if path.is_ident("keyword") {
                if one.meta.require_path_only().is_err() {
                    errors.at(&one, "a keyword is written `#[keyword]`, without a value");
                }
                taken.keyword = Some(one);
            } else if belongs_to_the_field(&one) {
                taken.of_field.push(one);
            } else {
                taken.cfg.extend(path.is_ident("cfg").then(|| one.clone()));
                typed.attrs.push(one);
            }
        }
        taken
    }
}

/// serde's attributes and docs, also under `cfg_attr`, mean nothing on a parameter. Recognised by their text.
fn belongs_to_the_field(attribute: &Attribute) -> bool {
    let names = |text: &str| text.contains("serde") || text.contains("doc");
    let path = attribute.path();
    let conditional = path.is_ident("cfg_attr") && names(&attribute.meta.to_token_stream().to_string());
    path.is_ident("serde") || path.is_ident("doc") || conditional
}

fn default_value(attribute: &Attribute, errors: &mut Errors) -> DefaultValue {
    match &attribute.meta {
        Meta::Path(_) => DefaultValue::OfType,
        Meta::NameValue(pair) => DefaultValue::Expression(pair.value.clone()),
        Meta::List(list) => {
            errors.at(list, "a default is written `#[default]` or `#[default = value]`");
            DefaultValue::OfType
        }
    }
}

/// Why a reference cannot be a parameter.
struct Refusal {
    message: String,
    /// Whether it was meant as a stored argument.
    is_stored: bool,
}

fn refusal(reference: &TypeReference, has_default: bool) -> Option<Refusal> {
    let inner = bare(&reference.elem);
    let (is_stored, message) = if let Type::TraitObject(object) = inner {
        return Some(Refusal { message: trait_object(&object.to_token_stream()), is_stored: false });
    } else if reference.mutability.is_some() {
        (false, "what the runtime provides is shared by all jobs; take `&T` and put what changes in a `Mutex`")
    } else if inner.to_token_stream().to_string() == "str" {
        (true, "a job's arguments outlive its caller; take `String`")
    } else if matches!(inner, Type::Slice(_)) {
        (true, "a job's arguments outlive its caller; take `Vec<T>`")
    } else if has_default {
        (false, "`#[default]` is for stored arguments; what is provided has none")
    } else {
        return None;
    };
    Some(Refusal { message: message.to_owned(), is_stored })
}

fn trait_object(object: &TokenStream) -> String {
    let object = token_text::of(object);
    format!(
        "what is provided is found by its type, and `{object}` is not the type of a value; take `&Arc<{object}>`, and \
         provide it with `.provide(Arc::new(value) as Arc<{object}>)`"
    )
}

/// The type without parentheses, and without the group in which `macro_rules` puts it.
fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Paren(inner) => bare(&inner.elem),
        Type::Group(inner) => bare(&inner.elem),
        other => other,
    }
}

/// `Context` without a reference. A type of that name which is stored is written with its path.
fn is_owned_context(ty: &Type) -> bool {
    let text = ty.to_token_stream().to_string().replace(' ', "");
    ["Context", "jobs::Context", "::jobs::Context"].contains(&text.as_str())
}

/// `None` for `Context`, which is recognised by its name.
fn provided_type(inner: &Type) -> Option<Type> {
    let is_context = |path: &syn::TypePath| {
        path.path.segments.last().is_some_and(|last| last.ident == "Context" && last.arguments.is_empty())
    };
    let is_context = matches!(inner, Type::Path(path) if is_context(path));
    (!is_context).then(|| inner.clone())
}
