//! The function's signature: which parameters are arguments, which are lent.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute as Outer, Expr, FnArg, ItemFn, Pat, PatType, ReturnType, Type, TypeReference};

use crate::faults::Faults;

/// A function whose parameters have been sorted.
pub(crate) struct Signature {
    pub(crate) function: ItemFn,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) output: Type,
}

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
    Lent(Box<Type>),
    /// Meant to be stored, and cannot be. Callers give something for it all the same.
    Broken,
}

/// An argument that `new` leaves out.
pub(crate) enum DefaultValue {
    OfType,
    Expression(Expr),
}

impl Signature {
    /// Sorts the parameters; what cannot be is noted.
    pub(crate) fn read(mut function: ItemFn, blocking: bool, faults: &mut Faults) -> Self {
        let mut parameters = Vec::new();
        for input in &mut function.sig.inputs {
            match input {
                FnArg::Receiver(receiver) => {
                    let words = "a job is a free function; take what you need as `&T` and provide it to the runtime";
                    faults.at(receiver, words);
                }
                FnArg::Typed(typed) => parameters.extend(parameter(typed, blocking, faults)),
            }
        }
        let output = match &function.sig.output {
            ReturnType::Default => syn::parse_quote!(()),
            ReturnType::Type(_, ty) => (**ty).clone(),
        };
        Self { function, parameters, output }
    }

    /// The stored parameters, in order.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = Argument<'_>> {
        self.parameters.iter().filter_map(|parameter| match &parameter.role {
            Role::Argument { ty, default } => Some(Argument { parameter, ty, default: default.as_ref() }),
            _ => None,
        })
    }

    /// The attributes of the function with this name.
    pub(crate) fn attributes(&self, name: &'static str) -> impl Iterator<Item = &Outer> {
        self.function.attrs.iter().filter(move |one| one.path().is_ident(name))
    }
}

/// A stored parameter.
#[derive(Clone, Copy)]
pub(crate) struct Argument<'a> {
    parameter: &'a Parameter,
    pub(crate) ty: &'a Type,
    pub(crate) default: Option<&'a DefaultValue>,
}

impl<'a> Argument<'a> {
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
        let words = self.ty.to_token_stream().to_string().replace(' ', "");
        ["String", "std::string::String", "::std::string::String"].contains(&words.as_str())
    }

    /// The type in signatures.
    pub(crate) fn taken_as(&self) -> TokenStream {
        let ty = self.ty;
        if self.is_text() { quote!(impl ::core::convert::Into<#ty>) } else { quote!(#ty) }
    }

    /// The value from a parameter of that type.
    pub(crate) fn taken(&self) -> TokenStream {
        let name = self.name();
        if self.is_text() { quote!(#name.into()) } else { quote!(#name) }
    }
}

fn parameter(typed: &mut PatType, blocking: bool, faults: &mut Faults) -> Option<Parameter> {
    let Attributes { cfg, of_field, default } = Attributes::take(typed, faults);
    let (name, named) = name(&typed.pat, faults);
    let role = match &*typed.ty {
        Type::Reference(reference) => lent(reference, blocking, default.is_some(), faults)?,
        Type::ImplTrait(ty) => {
            faults.at(ty, "`impl Trait` cannot be stored; name the type");
            Role::Broken
        }
        ty if named => Role::Argument { ty: Box::new(ty.clone()), default },
        _ => Role::Broken,
    };
    Some(Parameter { name, role, cfg, of_field })
}

/// The name of a parameter, and whether it has one that can be stored.
fn name(pattern: &Pat, faults: &mut Faults) -> (Ident, bool) {
    let words = match pattern {
        Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => {
            return (plain(&pattern.ident), true);
        }
        Pat::Wild(_) => "a stored argument needs a name; write `_name` for one that is not used",
        _ => "a job's parameter is a plain name; take it apart in the body",
    };
    faults.at(pattern, words);
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
    fn take(typed: &mut PatType, faults: &mut Faults) -> Self {
        let mut taken = Self { cfg: Vec::new(), of_field: Vec::new(), default: None };
        for one in std::mem::take(&mut typed.attrs) {
            let path = one.path();
            if path.is_ident("default") {
                taken.default = default_value(&one, faults).or(taken.default);
            } else if path.is_ident("serde") || path.is_ident("doc") {
                taken.of_field.push(one);
            } else {
                taken.cfg.extend(path.is_ident("cfg").then(|| one.clone()));
                typed.attrs.push(one);
            }
        }
        taken
    }
}

fn default_value(attribute: &Outer, faults: &mut Faults) -> Option<DefaultValue> {
    match &attribute.meta {
        syn::Meta::Path(_) => Some(DefaultValue::OfType),
        syn::Meta::NameValue(pair) => Some(DefaultValue::Expression(pair.value.clone())),
        syn::Meta::List(list) => {
            faults.at(list, "write `#[default]` or `#[default = value]`");
            None
        }
    }
}

/// `None` for what is neither lent nor an argument.
fn lent(reference: &TypeReference, blocking: bool, default: bool, faults: &mut Faults) -> Option<Role> {
    let inner = &*reference.elem;
    let (role, fault) = if reference.mutability.is_some() {
        (None, "what the runtime lends is shared by all jobs; take `&T` and put what changes in a `Mutex`")
    } else if inner.to_token_stream().to_string() == "str" {
        (Some(Role::Broken), "a job's arguments outlive its caller; take `String`")
    } else if matches!(inner, Type::Slice(_)) {
        (Some(Role::Broken), "a job's arguments outlive its caller; take `Vec<T>`")
    } else if default {
        (None, "`#[default]` is for stored arguments; what is lent has none")
    } else if blocking {
        (None, "a blocking job runs on another thread and cannot borrow; take owned arguments only")
    } else {
        return Some(role_of(inner));
    };
    faults.at(reference, fault);
    role
}

fn role_of(inner: &Type) -> Role {
    if let Type::Path(path) = inner
        && path.path.segments.last().is_some_and(|last| last.ident == "Context" && last.arguments.is_empty())
    {
        return Role::Context;
    }
    Role::Lent(Box::new(inner.clone()))
}

/// The struct's name for a function's: `process_payment` becomes `ProcessPayment`.
pub(crate) fn struct_name(function: &Ident) -> Ident {
    let text = function.to_string();
    let text = text.trim_start_matches("r#");
    let camel: String = text.split('_').map(capital).collect();
    let camel = if camel.is_empty() { "Job".to_owned() } else { camel };
    Ident::new(&camel, function.span())
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
