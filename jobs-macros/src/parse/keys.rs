//! The keys of the attributes: a table, and the function that reads an attribute by it.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::Error;
use syn::ext::IdentExt;

use crate::errors::Errors;
use crate::model::CallbackKind::{
    self, AfterEnqueue, AfterPerform, AroundEnqueue, AroundPerform, BeforeEnqueue, BeforePerform,
};
use crate::model::Owner;
use crate::parse::attribute::Attribute;
use crate::parse::split::{self, Item, Value};
use crate::parse::values::{
    expires_in, flag, idents, name, names, number, path, paths, priority, queue, timeout, word,
};
use crate::parse::{callback, remote_keys, rule, schedule, unique};
use crate::spelling;

/// One key: its name, its form, whether it may be repeated, whether bases have it, and how it is read.
struct Key {
    name: &'static str,
    form: Form,
    many: bool,
    on_base: bool,
    example: &'static str,
    read: Read,
}

type Read = fn(&mut Attribute, TokenStream) -> syn::Result<()>;

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

const KEYS: &[Key] = &[
    one("queue", true, "queue = \"mail\"", |to, value| set(&mut to.queue, queue(value))),
    one("priority", true, "priority = 10", |to, value| set(&mut to.priority, priority(value))),
    one("name", false, "name = \"send_mail\"", |to, value| set(&mut to.name, name(value))),
    list("aliases", false, false, "aliases(\"old_name\")", |to, value| put(&mut to.aliases, names(value))),
    one("version", false, "version = 2", |to, value| set(&mut to.version, number::<u32>("version", value))),
    one("upgrade", false, "upgrade = function", |to, value| set(&mut to.upgrade, path("upgrade", value))),
    one("timeout", true, "timeout = 5m", |to, value| set(&mut to.timeout, timeout(value))),
    one("expires_in", true, "expires_in = 2h", |to, value| set(&mut to.expires_in, expires_in(value))),
    Key {
        name: "blocking",
        form: Form::Flag,
        many: false,
        on_base: false,
        example: "blocking",
        read: |to, _| {
            to.blocking = true;
            Ok(())
        },
    },
    one("base", true, "base = ApplicationJob", |to, value| set(&mut to.base, path("base", value))),
    one("struct", false, "struct = OtherName", |to, value| set(&mut to.rename, word(value))),
    one("crate", true, "crate = path::to::jobs", |to, value| set(&mut to.krate, path("crate", value))),
    one("log_arguments", true, "log_arguments = false", |to, value| set(&mut to.log_arguments, flag(value))),
    list("redact", false, false, "redact(card)", |to, value| put(&mut to.redact, idents(value))),
    list("unique", false, false, "unique(by = argument, until = done)", |to, value| {
        set(&mut to.unique, unique::read(value))
    }),
    one("cron", false, "cron = \"0 2 * * *\"", |to, value| set(&mut to.cron, schedule::cron(value))),
    one("every", false, "every = 5m", |to, value| set(&mut to.every, schedule::every(value))),
    one("zone", false, "zone = \"Europe/Berlin\"", |to, value| set(&mut to.zone, schedule::zone(value))),
    one("missed", false, "missed = once", |to, value| set(&mut to.missed, schedule::missed(value))),
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
    list("before_perform", true, true, "before_perform(function)", |to, value| callbacks(to, BeforePerform, value)),
    list("after_perform", true, true, "after_perform(function)", |to, value| callbacks(to, AfterPerform, value)),
    list("around_perform", true, true, "around_perform(function)", |to, value| callbacks(to, AroundPerform, value)),
    list("before_enqueue", true, true, "before_enqueue(function)", |to, value| callbacks(to, BeforeEnqueue, value)),
    list("after_enqueue", true, true, "after_enqueue(function)", |to, value| callbacks(to, AfterEnqueue, value)),
    list("around_enqueue", true, true, "around_enqueue(function)", |to, value| callbacks(to, AroundEnqueue, value)),
    list("skip", true, true, "skip(before_perform(function))", |to, value| {
        put(&mut to.skips, callback::read_skips(value))
    }),
];

/// Keys of Active Job, Sidekiq and others, and options without their rule, each with what is written here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("attempts", "`retry_on(any, attempts = 5)`"),
    ("backoff", "`retry_on(any, wait = exponentially_longer)`"),
    ("concurrency", "`unique(..)` for one job at a time; how many run at once is a setting of the worker"),
    ("discard", "`discard_on(error)`"),
    ("max_attempts", "`retry_on(any, attempts = 5)`"),
    ("max_retries", "`retry_on(any, attempts = 5)`"),
    ("queue_as", "`queue = \"mail\"`"),
    ("queue_with_priority", "`priority = 10`"),
    ("retries", "`retry_on(any, attempts = 5)`"),
    ("retry", "`retry_on(error, wait = 30s, attempts = 5)`"),
    ("schedule", "`cron = \"0 2 * * *\"` or `every = 5m`"),
    ("wait", "`retry_on(error, wait = 30s)`, or `.wait(..)` where the job is enqueued"),
];

/// Reads a whole attribute. Errors are added to `errors`; the other keys are kept.
pub(crate) fn read(tokens: TokenStream, owner: Owner, errors: &mut Errors) -> Attribute {
    let mut attribute = Attribute::default();
    let mut seen: Vec<&str> = Vec::new();
    for item in split::parts(tokens).into_iter().filter_map(split::item) {
        let Some(item) = errors.keep(item) else { continue };
        attribute.mentioned.extend(meant(&item.key.unraw().to_string()));
        let name = item.key.clone();
        let Some((key, value)) = errors.keep(find(item, owner)) else { continue };
        if !key.many && seen.contains(&key.name) {
            errors.at(&name, format!("`{}` is given twice; keep one of them", key.name));
            continue;
        }
        seen.push(key.name);
        errors.keep((key.read)(&mut attribute, value));
    }
    attribute
}

/// The key that was meant, also if it is misspelled.
fn meant(written: &str) -> Option<&'static str> {
    let names: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
    spelling::nearest(written, &names)
}

/// The key of an item, with the tokens of its value.
fn find(item: Item, owner: Owner) -> syn::Result<(&'static Key, TokenStream)> {
    let written = item.key.unraw().to_string();
    if let Some(reason) = (owner == Owner::Remote).then(|| remote_keys::refusal(&written)).flatten() {
        return Err(Error::new_spanned(
            &item.key,
            format!("a job that is performed elsewhere has no `{written}`: {reason}"),
        ));
    }
    let Some(key) = known(owner).find(|key| key.name == written) else {
        return Err(unknown(&item.key, &written, owner));
    };
    let wrong = |tokens: &dyn ToTokens, verb: &str| {
        Err(Error::new_spanned(tokens, format!("`{written}` {verb} `{}`{}", key.example, key.form.rest())))
    };
    match (key.form, item.value) {
        (Form::Flag, Value::Nothing) => Ok((key, TokenStream::new())),
        (Form::Equals, Value::Equals(value)) if value.is_empty() => wrong(&item.key, "has no value; write"),
        (Form::List, Value::List(value)) if value.is_empty() => wrong(&item.key, "is empty; write"),
        (Form::Equals, Value::Equals(value)) | (Form::List, Value::List(value)) => Ok((key, value)),
        (_, Value::Other(token)) => wrong(&token, "is written"),
        _ => wrong(&item.key, "is written"),
    }
}

fn known(owner: Owner) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(move |key| match owner {
        Owner::Job => true,
        Owner::Base => key.on_base,
        Owner::Remote => remote_keys::refusal(key.name).is_none(),
    })
}

fn unknown(key: &Ident, written: &str, owner: Owner) -> Error {
    if owner == Owner::Base && KEYS.iter().any(|key| key.name == written) {
        return Error::new_spanned(key, format!("a base cannot have `{written}`; it belongs to each job"));
    }
    let names: Vec<&str> = known(owner).map(|key| key.name).collect();
    let hint = ELSEWHERE.iter().find(|(theirs, _)| *theirs == written).map(|(_, ours)| format!("; write {ours}"));
    let hint = hint.unwrap_or_else(|| spelling::hint(written, &names));
    Error::new_spanned(key, format!("unknown key `{written}`{hint} (keys: {})", names.join(", ")))
}

fn set<T>(slot: &mut Option<T>, value: syn::Result<T>) -> syn::Result<()> {
    *slot = Some(value?);
    Ok(())
}

fn put<T>(slot: &mut Vec<T>, values: syn::Result<Vec<T>>) -> syn::Result<()> {
    slot.extend(values?);
    Ok(())
}

fn callbacks(to: &mut Attribute, kind: CallbackKind, value: TokenStream) -> syn::Result<()> {
    put(&mut to.callbacks, callback::read(kind, value))
}
