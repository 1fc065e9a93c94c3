//! The keys of the attributes: a table, and the loop that reads by it.

use proc_macro2::{Ident, TokenStream};
use syn::Error;
use syn::ext::IdentExt;

use crate::errors::Errors;
use crate::parse::attribute::Attribute;
use crate::parse::callback;
use crate::parse::rule;
use crate::parse::schedule as recurs;
use crate::parse::split::{self, Item, Value};
use crate::parse::unique;
use crate::parse::values::{flag, idents, name, names, number, path, paths, queue, timeout, word};
use crate::spelling;

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

impl Form {
    fn rest(self) -> &'static str {
        if self == Self::Flag { ", without a value" } else { "" }
    }
}

const fn one(name: &'static str, on_base: bool, example: &'static str, read: Read) -> Key {
    Key { name, form: Form::Equals, many: false, on_base, example, read }
}

const fn list(name: &'static str, many: bool, on_base: bool, example: &'static str, read: Read) -> Key {
    Key { name, form: Form::List, many, on_base, example, read }
}

type Read = fn(&mut Attribute, TokenStream) -> syn::Result<()>;

const KEYS: &[Key] = &[
    one("queue", true, "queue = \"mail\"", |to, value| set(&mut to.queue, queue(value))),
    one("priority", true, "priority = 10", |to, value| set(&mut to.priority, number::<i32>("priority", value))),
    one("name", false, "name = \"send_mail\"", |to, value| set(&mut to.name, name(value))),
    list("aliases", false, false, "aliases(\"old_name\")", |to, value| put(&mut to.aliases, names(value))),
    one("version", false, "version = 2", |to, value| set(&mut to.version, number::<u32>("version", value))),
    one("upgrade", false, "upgrade = function", |to, value| set(&mut to.upgrade, path("upgrade", value))),
    one("timeout", true, "timeout = 5m", |to, value| set(&mut to.timeout, timeout(value))),
    Key { name: "blocking", form: Form::Flag, many: false, on_base: false, example: "blocking", read: blocking },
    one("base", true, "base = ApplicationJob", |to, value| set(&mut to.base, path("base", value))),
    one("struct", false, "struct = OtherName", |to, value| set(&mut to.rename, word(value))),
    one("crate", true, "crate = path::to::jobs", |to, value| set(&mut to.krate, path("crate", value))),
    one("log_arguments", true, "log_arguments = false", |to, value| set(&mut to.log_arguments, flag(value))),
    list("redact", false, false, "redact(card)", |to, value| put(&mut to.redact, idents(value))),
    list("unique", false, false, "unique(by = argument, until = done)", |to, value| {
        set(&mut to.unique, unique::read(value))
    }),
    one("cron", false, "cron = \"0 2 * * *\"", |to, value| set(&mut to.cron, recurs::cron(value))),
    one("every", false, "every = 5m", |to, value| set(&mut to.every, recurs::every(value))),
    one("zone", false, "zone = \"Europe/Berlin\"", |to, value| set(&mut to.zone, recurs::zone(value))),
    one("missed", false, "missed = once", |to, value| set(&mut to.missed, recurs::missed(value))),
    one("jitter", true, "jitter = 0.3", |to, value| set(&mut to.jitter, rule::read_jitter(value))),
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
        put(&mut to.callbacks, callback::read("before_perform", value))
    }),
    list("after_perform", true, true, "after_perform(function)", |to, value| {
        put(&mut to.callbacks, callback::read("after_perform", value))
    }),
    list("around_perform", true, true, "around_perform(function)", |to, value| {
        put(&mut to.callbacks, callback::read("around_perform", value))
    }),
    list("before_enqueue", true, true, "before_enqueue(function)", |to, value| {
        put(&mut to.callbacks, callback::read("before_enqueue", value))
    }),
    list("after_enqueue", true, true, "after_enqueue(function)", |to, value| {
        put(&mut to.callbacks, callback::read("after_enqueue", value))
    }),
    list("around_enqueue", true, true, "around_enqueue(function)", |to, value| {
        put(&mut to.callbacks, callback::read("around_enqueue", value))
    }),
    list("skip", true, true, "skip(before_perform(function))", |to, value| {
        put(&mut to.skips, callback::read_skips(value))
    }),
];

/// Reads a whole attribute; what is wrong goes to `errors`, the rest is kept.
pub(crate) fn read(tokens: TokenStream, on_base: bool, errors: &mut Errors) -> Attribute {
    let mut attribute = Attribute::default();
    let mut seen: Vec<&str> = Vec::new();
    for part in split::parts(tokens) {
        let Some(item) = split::read(part) else { continue };
        let Some(item) = errors.keep(item) else { continue };
        attribute.mentioned.extend(meant(&item.key.unraw().to_string()));
        let Some((key, value)) = errors.keep(find(item, on_base)) else { continue };
        if !key.many && seen.contains(&key.name) {
            errors.at(&value.0, format!("`{}` is given twice; keep one of them", key.name));
            continue;
        }
        seen.push(key.name);
        if let Err(error) = (key.read)(&mut attribute, value.1) {
            errors.add(error);
        }
    }
    attribute
}

/// The key that was meant, however wrong the rest is.
fn meant(written: &str) -> Option<&'static str> {
    let names: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
    spelling::nearest(written, &names)
}

/// The key of an item, with the place to point at and the tokens of its value.
fn find(item: Item, on_base: bool) -> syn::Result<(&'static Key, (Ident, TokenStream))> {
    let written = item.key.unraw().to_string();
    let known = || KEYS.iter().filter(|key| key.on_base || !on_base);
    let Some(key) = known().find(|key| key.name == written) else {
        return Err(unknown(&item.key, &written, on_base));
    };
    let wrong = |place: &dyn quote::ToTokens, words: &str| {
        Err(Error::new_spanned(place, format!("`{written}` {words} `{}`{}", key.example, key.form.rest())))
    };
    match (key.form, item.value) {
        (Form::Flag, Value::Nothing) => Ok((key, (item.key, TokenStream::new()))),
        (Form::Equals, Value::Equals(value)) if value.is_empty() => wrong(&item.key, "has no value; write"),
        (Form::List, Value::List(value)) if value.is_empty() => wrong(&item.key, "names nothing; write"),
        (Form::Equals, Value::Equals(value)) | (Form::List, Value::List(value)) => Ok((key, (item.key, value))),
        (_, Value::Other(token)) => wrong(&token, "is written"),
        _ => wrong(&item.key, "is written"),
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

fn blocking(to: &mut Attribute, _: TokenStream) -> syn::Result<()> {
    set(&mut to.blocking, Ok(()))
}
