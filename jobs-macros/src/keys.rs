//! The keys of the attributes: a table, and the loop that reads by it.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Error, Expr, Lit, LitStr, Path, Token, parse2};

use crate::attribute::{Attribute, Callback, CallbackKind, Queue, Timeout};
use crate::faults::Faults;
use crate::items::{self, Item, Value};
use crate::{duration, rule, spelling};

/// One key: its name, its form, how often, where it may stand, and how it is read.
struct Key {
    name: &'static str,
    form: Form,
    many: bool,
    on_base: bool,
    example: &'static str,
    read: fn(&mut Attribute, TokenStream) -> syn::Result<()>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Flag,
    Equals,
    List,
}

const fn one(name: &'static str, on_base: bool, example: &'static str, read: Read) -> Key {
    Key { name, form: Form::Equals, many: false, on_base, example, read }
}

const fn list(name: &'static str, many: bool, on_base: bool, example: &'static str, read: Read) -> Key {
    Key { name, form: Form::List, many, on_base, example, read }
}

type Read = fn(&mut Attribute, TokenStream) -> syn::Result<()>;

const KEYS: &[Key] = &[
    one("queue", true, "queue = \"mail\"", queue),
    one("priority", true, "priority = 10", |to, value| set(&mut to.priority, parse2(value))),
    one("name", false, "name = \"send_mail\"", |to, value| set(&mut to.name, filled(value))),
    list("aliases", false, false, "aliases(\"old_name\")", |to, value| put(&mut to.aliases, names(value))),
    one("version", false, "version = 2", |to, value| set(&mut to.version, parse2(value))),
    one("upgrade", false, "upgrade = path::to::function", |to, value| set(&mut to.upgrade, path(value))),
    one("timeout", true, "timeout = 5m", timeout),
    Key { name: "blocking", form: Form::Flag, many: false, on_base: false, example: "blocking", read: blocking },
    one("base", true, "base = ApplicationJob", |to, value| set(&mut to.base, path(value))),
    one("struct", false, "struct = OtherName", |to, value| set(&mut to.rename, parse2(value))),
    one("crate", true, "crate = path::to::jobs", |to, value| set(&mut to.krate, path(value))),
    one("log_arguments", true, "log_arguments = false", |to, value| set(&mut to.log_arguments, parse2(value))),
    list("redact", false, false, "redact(card)", |to, value| put(&mut to.redact, idents(value))),
    list("retry_on", true, true, "retry_on(PaymentError, wait = 30s, attempts = 3)", |to, value| {
        rule::retry_on(value).map(|rule| to.rules.push(rule))
    }),
    list("discard_on", true, true, "discard_on(DeserializeError)", |to, value| {
        rule::discard_on(value).map(|rule| to.rules.push(rule))
    }),
    list("rescue_from", true, true, "rescue_from(PaymentError, with = function)", |to, value| {
        rule::rescue_from(value).map(|rule| to.rules.push(rule))
    }),
    list("after_discard", true, true, "after_discard(function)", |to, value| put(&mut to.after_discard, paths(value))),
    list("before_perform", true, true, "before_perform(function)", |to, value| {
        callback(to, CallbackKind::BeforePerform, value)
    }),
    list("after_perform", true, true, "after_perform(function)", |to, value| {
        callback(to, CallbackKind::AfterPerform, value)
    }),
    list("around_perform", true, true, "around_perform(function)", |to, value| {
        callback(to, CallbackKind::AroundPerform, value)
    }),
    list("before_enqueue", true, true, "before_enqueue(function)", |to, value| {
        callback(to, CallbackKind::BeforeEnqueue, value)
    }),
    list("after_enqueue", true, true, "after_enqueue(function)", |to, value| {
        callback(to, CallbackKind::AfterEnqueue, value)
    }),
];

/// Reads a whole attribute; what is wrong goes to `faults`, the rest is kept.
pub(crate) fn read(tokens: TokenStream, on_base: bool, faults: &mut Faults) -> Attribute {
    let mut attribute = Attribute::default();
    let mut seen: Vec<&str> = Vec::new();
    for part in items::split(tokens) {
        let Some(item) = items::read(part) else { continue };
        let Some(item) = faults.keep(item) else { continue };
        let Some((key, value)) = faults.keep(find(item, on_base)) else { continue };
        if !key.many && seen.contains(&key.name) {
            faults.at(&value.0, format!("`{}` is given twice; keep one of them", key.name));
            continue;
        }
        seen.push(key.name);
        if let Err(errors) = (key.read)(&mut attribute, value.1) {
            faults.add(errors);
        }
    }
    attribute
}

/// The key of an item, with the place to point at and the tokens of its value.
fn find(item: Item, on_base: bool) -> syn::Result<(&'static Key, (Ident, TokenStream))> {
    let written = item.key.unraw().to_string();
    let known = || KEYS.iter().filter(|key| key.on_base || !on_base);
    let Some(key) = known().find(|key| key.name == written) else {
        return Err(unknown(&item.key, &written, on_base));
    };
    match (key.form, item.value) {
        (Form::Flag, Value::Nothing) => Ok((key, (item.key, TokenStream::new()))),
        (Form::Equals, Value::Equals(value)) | (Form::List, Value::List(value)) => Ok((key, (item.key, value))),
        _ => Err(Error::new_spanned(&item.key, format!("`{written}` is written `{}`", key.example))),
    }
}

fn unknown(place: &Ident, written: &str, on_base: bool) -> Error {
    if on_base && KEYS.iter().any(|key| key.name == written) {
        return Error::new_spanned(place, format!("a base cannot have `{written}`; it belongs to each job"));
    }
    let names: Vec<&str> = KEYS.iter().filter(|key| key.on_base || !on_base).map(|key| key.name).collect();
    let hint = spelling::hint(written, &names);
    Error::new_spanned(place, format!("unknown key `{written}`{hint} (keys: {})", names.join(", ")))
}

fn set<T>(slot: &mut Option<T>, value: syn::Result<T>) -> syn::Result<()> {
    *slot = Some(value?);
    Ok(())
}

fn put<T>(slot: &mut Vec<T>, values: syn::Result<Vec<T>>) -> syn::Result<()> {
    slot.extend(values?);
    Ok(())
}

fn queue(to: &mut Attribute, value: TokenStream) -> syn::Result<()> {
    if let Ok(literal) = parse2::<Lit>(value.clone()) {
        let Lit::Str(name) = literal else {
            return Err(Error::new_spanned(
                literal,
                "`queue` is a text such as `queue = \"mail\"`, or a path to a function",
            ));
        };
        return set(&mut to.queue, valid_queue(&name).map(|()| Queue::Named(name)));
    }
    let words = "`queue` is a text such as `queue = \"mail\"`, or a path to a function of the job";
    set(&mut to.queue, parse2(value.clone()).map(Queue::Chosen).map_err(|_| Error::new_spanned(value, words)))
}

/// The rules of `jobs_core::check_queue_name`; a macro crate cannot call it.
pub(crate) fn valid_queue(name: &LitStr) -> syn::Result<()> {
    let text = name.value();
    let fault = if text.is_empty() {
        "it is empty"
    } else if text.len() > 255 {
        "it is longer than 255 bytes"
    } else if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        "it has white space or a control character in it"
    } else if text.contains(['*', ',']) {
        "`*` and `,` are kept for the selectors of workers"
    } else {
        return Ok(());
    };
    Err(Error::new_spanned(name, format!("this cannot be the name of a queue: {fault}")))
}

fn timeout(to: &mut Attribute, tokens: TokenStream) -> syn::Result<()> {
    let value = read_duration(tokens.clone(), "timeout")?;
    if matches!(&value, Timeout::Known(limit) if limit.is_zero()) {
        return Err(Error::new_spanned(tokens, "a timeout of nothing would stop every job; leave it out for none"));
    }
    set(&mut to.timeout, Ok(value))
}

/// A duration literal, or an expression of type `Duration`.
pub(crate) fn read_duration(tokens: TokenStream, key: &str) -> syn::Result<Timeout> {
    if let Ok(literal) = parse2::<Lit>(tokens.clone()) {
        return duration::of_literal(&literal).map(Timeout::Known);
    }
    let words = format!("`{key}` is a duration such as `30s`, or a path to a constant");
    parse2::<Expr>(tokens.clone()).map(Timeout::Expression).map_err(|_| Error::new_spanned(tokens, words))
}

fn blocking(to: &mut Attribute, _: TokenStream) -> syn::Result<()> {
    set(&mut to.blocking, Ok(()))
}

fn filled(value: TokenStream) -> syn::Result<LitStr> {
    let text: LitStr =
        parse2(value.clone()).map_err(|_| Error::new_spanned(value, "expected a text such as `\"send_mail\"`"))?;
    if text.value().trim().is_empty() {
        return Err(Error::new_spanned(text, "a job's name cannot be empty"));
    }
    Ok(text)
}

pub(crate) fn path(value: TokenStream) -> syn::Result<Path> {
    parse2(value.clone()).map_err(|_| Error::new_spanned(value, "expected a path such as `module::name`"))
}

fn names(value: TokenStream) -> syn::Result<Vec<LitStr>> {
    let parts = Punctuated::<LitStr, Token![,]>::parse_terminated.parse2(value.clone());
    let parts = parts.map_err(|_| Error::new_spanned(value, "expected texts such as `aliases(\"old_name\")`"))?;
    Ok(parts.into_iter().collect())
}

fn idents(value: TokenStream) -> syn::Result<Vec<Ident>> {
    let parts = Punctuated::<Ident, Token![,]>::parse_terminated.parse2(value.clone());
    let parts = parts.map_err(|_| Error::new_spanned(value, "expected names of arguments such as `redact(card)`"))?;
    Ok(parts.into_iter().collect())
}

fn paths(value: TokenStream) -> syn::Result<Vec<Path>> {
    if value.is_empty() {
        return Err(Error::new(
            proc_macro2::Span::call_site(),
            "expected a path to a function between the parentheses",
        ));
    }
    items::split(value).into_iter().map(path).collect()
}

fn callback(to: &mut Attribute, kind: CallbackKind, value: TokenStream) -> syn::Result<()> {
    let paths = paths(value)?;
    to.callbacks.extend(paths.into_iter().map(|path| Callback { kind, path }));
    Ok(())
}

/// The words of a path, for the name of a callback.
pub(crate) fn path_words(path: &Path) -> String {
    items::words(&path.to_token_stream())
}
