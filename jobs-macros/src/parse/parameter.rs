//! The parameters of the function: which are arguments, which are lent.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute as Outer, Expr, Pat, PatType, Type, TypeReference};

use crate::errors::Errors;

/// One parameter.
pub(crate) struct Parameter {
    pub(crate) name: Ident,
    pub(crate) role: Role,
    pub(crate) cfg: Vec<Outer>,
    /// Attributes that go to the field: `#[serde(..)]` and docs.
    pub(crate) of_field: Vec<Outer>,
}

/// What a parameter is for.
pub(crate) enum Role {
    /// Stored with the job.
    Argument { ty: Box<Type>, default: Option<DefaultValue> },
    /// `&Context`.
    Context,
    /// `&T`, lent by the runtime.
    Provided(Box<Type>),
    /// Meant to be stored, and cannot be. Callers give something for it all the same.
    Invalid,
}

/// An argument that `new` leaves out.
pub(crate) enum DefaultValue {
    OfType,
    Expression(Expr),
}

/// A stored parameter.
#[derive(Clone, Copy)]
pub(crate) struct Argument<'a> {
    parameter: &'a Parameter,
    pub(crate) ty: &'a Type,
    pub(crate) default: Option<&'a DefaultValue>,
}

impl<'a> Argument<'a> {
    /// This parameter, as one that is stored.
    pub(crate) fn new(parameter: &'a Parameter, ty: &'a Type, default: Option<&'a DefaultValue>) -> Self {
        Self { parameter, ty, default }
    }

    pub(crate) fn name(&self) -> &'a Ident {
        &self.parameter.name
    }

    pub(crate) fn cfg(&self) -> &'a [Outer] {
        &self.parameter.cfg
    }

    pub(crate) fn of_field(&self) -> &'a [Outer] {
        &self.parameter.of_field
    }

    /// Whether callers may give anything that becomes a `String`.
    pub(crate) fn is_text(&self) -> bool {
        is_text(self.ty)
    }

    /// The type in signatures.
    pub(crate) fn taken_as(&self) -> TokenStream {
        taken_as(self.ty)
    }

    /// Whether it is an `Option`, as far as its spelling tells.
    pub(crate) fn is_optional(&self) -> bool {
        let words = words(self.ty);
        ["Option<", "std::option::Option<", "::std::option::Option<"].iter().any(|option| words.starts_with(option))
    }

    /// The value from a parameter of that type.
    pub(crate) fn taken(&self) -> TokenStream {
        let name = self.name();
        if self.is_text() { quote!(::core::convert::Into::into(#name)) } else { quote!(#name) }
    }
}

fn is_text(ty: &Type) -> bool {
    ["String", "std::string::String", "::std::string::String"].contains(&words(ty).as_str())
}

fn words(ty: &Type) -> String {
    ty.to_token_stream().to_string().replace(' ', "")
}

/// The type of an argument in signatures.
pub(crate) fn taken_as(ty: &Type) -> TokenStream {
    if is_text(ty) { quote!(impl ::core::convert::Into<#ty>) } else { quote!(#ty) }
}

/// Sorts one parameter; what cannot be is noted. `None` for what is neither an argument nor lent.
pub(crate) fn read(typed: &mut PatType, errors: &mut Errors) -> Option<Parameter> {
    let Attributes { cfg, of_field, default } = Attributes::take(typed, errors);
    let (name, named) = name(&typed.pat, errors);
    let role = match &*typed.ty {
        Type::Reference(reference) => lent(reference, default.is_some(), errors)?,
        Type::ImplTrait(ty) => {
            errors.at(ty, "`impl Trait` cannot be stored; name the type");
            Role::Invalid
        }
        ty if named => Role::Argument { ty: Box::new(ty.clone()), default },
        _ => Role::Invalid,
    };
    Some(Parameter { name, role, cfg, of_field })
}

/// The name of a parameter, and whether it has one that can be stored.
fn name(pattern: &Pat, errors: &mut Errors) -> (Ident, bool) {
    let words = match pattern {
        Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => {
            return (plain(&pattern.ident), true);
        }
        Pat::Wild(_) => "a stored argument needs a name; write `_name` for one that is not used",
        _ => "a job's parameter is a plain name; take it apart in the body",
    };
    errors.at(pattern, words);
    (format_ident!("unnamed"), false)
}

/// `_name` is stored as `name`, so that silencing a warning does not change what is stored.
fn plain(ident: &Ident) -> Ident {
    let text = ident.to_string();
    let bare = text.trim_start_matches('_');
    if bare.is_empty() || bare == text { ident.clone() } else { format_ident!("{bare}", span = ident.span()) }
}

/// What stands before a parameter.
struct Attributes {
    cfg: Vec<Outer>,
    of_field: Vec<Outer>,
    default: Option<DefaultValue>,
}

impl Attributes {
    /// Takes `#[default]`, `#[serde(..)]` and docs off the parameter, copies `#[cfg]`, leaves the rest.
    fn take(typed: &mut PatType, errors: &mut Errors) -> Self {
        let mut taken = Self { cfg: Vec::new(), of_field: Vec::new(), default: None };
        for one in std::mem::take(&mut typed.attrs) {
            let path = one.path();
            if path.is_ident("default") {
                taken.default = Some(default_value(&one, errors));
            } else if goes_to_the_field(&one) {
                taken.of_field.push(one);
            } else {
                taken.cfg.extend(path.is_ident("cfg").then(|| one.clone()));
                typed.attrs.push(one);
            }
        }
        taken
    }
}

/// serde's attributes and docs, perhaps under a condition, mean nothing on a parameter.
fn goes_to_the_field(attribute: &Outer) -> bool {
    let names = |text: &str| text.contains("serde") || text.contains("doc");
    let path = attribute.path();
    let conditional = path.is_ident("cfg_attr") && names(&attribute.meta.to_token_stream().to_string());
    path.is_ident("serde") || path.is_ident("doc") || conditional
}

fn default_value(attribute: &Outer, errors: &mut Errors) -> DefaultValue {
    match &attribute.meta {
        syn::Meta::Path(_) => DefaultValue::OfType,
        syn::Meta::NameValue(pair) => DefaultValue::Expression(pair.value.clone()),
        syn::Meta::List(list) => {
            errors.at(list, "a default is written `#[default]` or `#[default = value]`");
            DefaultValue::OfType
        }
    }
}

/// `None` for what is neither lent nor an argument.
fn lent(reference: &TypeReference, default: bool, errors: &mut Errors) -> Option<Role> {
    let inner = &*reference.elem;
    let (role, fault) = if reference.mutability.is_some() {
        (None, "what the runtime lends is shared by all jobs; take `&T` and put what changes in a `Mutex`")
    } else if inner.to_token_stream().to_string() == "str" {
        (Some(Role::Invalid), "a job's arguments outlive its caller; take `String`")
    } else if matches!(inner, Type::Slice(_)) {
        (Some(Role::Invalid), "a job's arguments outlive its caller; take `Vec<T>`")
    } else if default {
        (None, "`#[default]` is for stored arguments; what is lent has none")
    } else {
        return Some(role_of(inner));
    };
    errors.at(reference, fault);
    role
}

fn role_of(inner: &Type) -> Role {
    if let Type::Path(path) = inner
        && path.path.segments.last().is_some_and(|last| last.ident == "Context" && last.arguments.is_empty())
    {
        return Role::Context;
    }
    Role::Provided(Box::new(inner.clone()))
}
