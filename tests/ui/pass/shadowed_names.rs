//! The user's own items never shadow the names that the macro emits.
#![allow(dead_code, non_camel_case_types, non_upper_case_globals, unused_macros)]

struct Result;
struct Option;
struct Box;
struct Vec;
struct Some;
struct None;
struct Ok;
struct Err;
struct Cow;
struct Context;
struct Policy;
struct Rule;
struct Duration;
struct Error;
trait Default {}
trait Into {}
trait From {}
trait Send {}
trait Sync {}
trait Sized {}
trait Job {}
trait Serialize {}
trait Deserialize {}
trait Future {}
mod core {}
mod std {}
mod jobs {}
mod serde {}
mod inventory {}
const context: u8 = 1;
const failure: u8 = 1;
const error: u8 = 1;
const job: u8 = 1;
const next: u8 = 1;
const enqueue: u8 = 1;
const arguments: u8 = 1;
const version: u8 = 1;
struct i32;
struct u32;
struct bool;

macro_rules! matches {
    ($($any:tt)*) => {
        compile_error!("not this one")
    };
}

#[derive(Debug)]
struct Failed;

impl ::std::fmt::Display for Failed {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.write_str("failed")
    }
}

impl ::std::error::Error for Failed {}

#[::jobs::base(queue = "mail", before_perform(before), around_perform(around), before_enqueue(enqueuing))]
struct ApplicationJob;

fn before(_: &::jobs::Context) {}

async fn around(_: &::jobs::Context, rest: ::jobs::callback::Next<'_>) -> ::std::result::Result<(), ::jobs::Failure> {
    rest.run().await
}

fn enqueuing(_: &mut ::jobs::callback::JobDraft) {}

#[::jobs::job(
    base = ApplicationJob,
    timeout = 5s,
    priority = chosen,
    version = 2,
    upgrade = newer,
    retry_on(Failed, wait = 30s, attempts = 3, exhausted = told),
    discard_on(when is_bad),
    discard_on(matches Failed),
    before_perform(check),
    around_perform(inside),
    after_enqueue(stored),
)]
async fn deliver(
    to: u64,
    subject: ::std::string::String,
    #[default = 1] copies: u8,
    #[default] others: ::std::vec::Vec<u64>,
    ctx: &::jobs::Context,
    shop: &Shop,
) -> ::std::result::Result<(), Failed> {
    let _ = (to, subject, copies, others, ctx, shop);
    ::std::result::Result::Ok(())
}

struct Shop;

fn told(_: &::jobs::Context, _: &::jobs::Failure) {}

fn is_bad(_: &Failed) -> ::core::primitive::bool {
    true
}

fn chosen(_: &Deliver) -> ::core::primitive::i32 {
    1
}

fn newer(
    value: ::serde_json::Value,
    _: ::core::primitive::u32,
) -> ::std::result::Result<::serde_json::Value, Failed> {
    ::std::result::Result::Ok(value)
}

fn check(_: &::jobs::Context, _: &Deliver) {}

async fn inside(
    _: &::jobs::Context,
    _: &Deliver,
    rest: ::jobs::callback::Next<'_>,
) -> ::std::result::Result<(), ::jobs::Failure> {
    rest.run().await
}

fn stored(_: &mut ::jobs::callback::JobDraft, _: &Deliver) {}

#[::jobs::job(blocking)]
fn count(words: ::std::string::String) {
    let _ = words;
}

fn main() {
    let _ = (Deliver::perform_later(1, "x"), Count::perform_later("x"));
}
