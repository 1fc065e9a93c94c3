//! Whatever serde makes of a redacted argument, no event, log line, record or error shows it.

use std::collections::BTreeMap;

use jobs::JobId;
use jobs::definition::Definition;
use jobs::prelude::*;
use jobs::store::NewJob;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{SECRET, seen_of};

#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
enum TaggedCard {
    Card { number: String },
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "SCREAMING-KEBAB-CASE")]
enum AdjacentCard {
    Card(String),
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum UntaggedCard {
    Fields { number: String },
    Text(String),
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
struct TransparentCard(String);

/// Its errors quote the card.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct CheckedCard(String);

impl TryFrom<String> for CheckedCard {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == SECRET { Ok(Self(text)) } else { Err(format!("{text} is no card")) }
    }
}

impl From<CheckedCard> for String {
    fn from(card: CheckedCard) -> Self {
        card.0
    }
}

/// Stands for a type of another crate, which knows nothing of serde.
#[derive(Clone)]
struct ForeignCard {
    number: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ForeignCard")]
struct ForeignCardForm {
    #[serde(rename = "primaryAccountNumber", alias = "pan")]
    number: String,
}

fn write_reversed<S: Serializer>(card: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{card}{card}"))
}

fn read_half<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let half = text.get(..text.len() / 2).filter(|half| text.ends_with(half));
    half.map(str::to_owned).ok_or_else(|| serde::de::Error::custom(format!("{text} is not twice the same")))
}

type Fields = BTreeMap<String, String>;

#[job(redact(card))]
async fn tagged(order: u64, card: TaggedCard) {
    drop((order, card));
}

#[job(redact(card))]
async fn flat_tagged(order: u64, #[serde(flatten)] card: TaggedCard) {
    drop((order, card));
}

#[job(redact(card))]
async fn adjacent(order: u64, card: AdjacentCard) {
    drop((order, card));
}

#[job(redact(card))]
async fn flat_adjacent(order: u64, #[serde(flatten)] card: AdjacentCard) {
    drop((order, card));
}

#[job(redact(card))]
async fn untagged(order: u64, card: UntaggedCard) {
    drop((order, card));
}

#[job(redact(card))]
async fn flat_untagged(order: u64, #[serde(flatten)] card: UntaggedCard) {
    drop((order, card));
}

#[job(redact(card))]
async fn transparent(order: u64, #[serde(rename = "order_card")] card: TransparentCard) {
    drop((order, card));
}

#[job(redact(card))]
async fn checked(order: u64, card: CheckedCard) {
    drop((order, card));
}

#[job(redact(card))]
async fn foreign(order: u64, #[serde(with = "ForeignCardForm")] card: ForeignCard) {
    drop((order, card.number));
}

#[job(redact(card))]
async fn flat_foreign(order: u64, #[serde(flatten, with = "ForeignCardForm")] card: ForeignCard) {
    drop((order, card.number));
}

#[job(redact(card))]
async fn through_functions(
    order: u64,
    #[serde(serialize_with = "write_reversed", deserialize_with = "read_half")] card: String,
) {
    drop((order, card));
}

#[job(redact(card))]
async fn not_stored(order: u64, #[serde(skip)] card: String) {
    drop((order, card));
}

#[job(redact(card))]
async fn keyed(order: u64, card: Fields) {
    drop((order, card));
}

#[job(redact(card))]
#[derive(Debug)]
async fn flat_map(order: u64, #[serde(flatten)] card: Fields) {
    drop((order, card));
}

fn of_one_argument() -> Vec<Definition> {
    Vec::from(jobs::jobs![
        Tagged,
        FlatTagged,
        Adjacent,
        FlatAdjacent,
        Untagged,
        FlatUntagged,
        Transparent,
        Checked,
        Foreign,
        FlatForeign,
        ThroughFunctions,
        NotStored,
        Keyed,
        FlatMap
    ])
}

fn fields(key: &str) -> Fields {
    [(key.to_owned(), SECRET.to_owned())].into()
}

#[tokio::test]
async fn no_form_of_serde_shows_a_redacted_argument() {
    let words = seen_of(of_one_argument(), async |jobs, _| {
        let (number, card) = (SECRET.to_owned(), SECRET.to_owned());
        let tagged_card = TaggedCard::Card { number: number.clone() };
        Tagged::perform_later(71, tagged_card.clone()).on(jobs).await.unwrap();
        FlatTagged::perform_later(72, tagged_card).on(jobs).await.unwrap();
        Adjacent::perform_later(73, AdjacentCard::Card(card.clone())).on(jobs).await.unwrap();
        FlatAdjacent::perform_later(74, AdjacentCard::Card(card.clone())).on(jobs).await.unwrap();
        Untagged::perform_later(75, UntaggedCard::Text(card.clone())).on(jobs).await.unwrap();
        FlatUntagged::perform_later(76, UntaggedCard::Fields { number: number.clone() }).on(jobs).await.unwrap();
        Transparent::perform_later(77, TransparentCard(card.clone())).on(jobs).await.unwrap();
        Checked::perform_later(78, CheckedCard(card.clone())).on(jobs).await.unwrap();
        Foreign::perform_later(79, ForeignCard { number: number.clone() }).on(jobs).await.unwrap();
        FlatForeign::perform_later(80, ForeignCard { number }).on(jobs).await.unwrap();
        ThroughFunctions::perform_later(81, SECRET).on(jobs).await.unwrap();
        NotStored::perform_later(82, SECRET).on(jobs).await.unwrap();
        Keyed::perform_later(83, fields(SECRET)).on(jobs).await.unwrap();
        FlatMap::perform_later(84, fields(SECRET)).on(jobs).await.unwrap();
    })
    .await;
    assert!(!words.contains("ssw0rd"), "{words}");
    for order in 71..=84 {
        assert!(words.contains(&order.to_string()), "{order} is shown: {words}");
    }
}

/// Arguments of other programs and of mistaken hands, each of which is given to each job.
const STORED: &[&str] = &[
    r#"{"order":1,"card":"4111-ssw0rd"}"#,
    r#"{"order":1,"card":["4111-ssw0rd"]}"#,
    r#"{"order":1,"card":{"4111-ssw0rd":"4111-ssw0rd"}}"#,
    r#"{"order":1,"card":{"kind":"4111-ssw0rd"}}"#,
    r#"{"order":1,"card":{"kind":"card","number":["4111-ssw0rd"]}}"#,
    r#"{"order":1,"card":{"kind":"card","number":"x","4111-ssw0rd":"x"}}"#,
    r#"{"order":1,"card":{"kind":"CARD","value":{"4111-ssw0rd":1}}}"#,
    r#"{"order":1,"card":{"number":{"4111-ssw0rd":1}}}"#,
    r#"{"order":1,"card":{"pan":{"4111-ssw0rd":1}}}"#,
    r#"{"order":1,"kind":"4111-ssw0rd"}"#,
    r#"{"order":1,"kind":"card","number":["4111-ssw0rd"]}"#,
    r#"{"order":1,"kind":"card","number":"x","4111-ssw0rd":"x"}"#,
    r#"{"order":1,"kind":"CARD","value":["4111-ssw0rd"]}"#,
    r#"{"order":1,"number":{"4111-ssw0rd":1}}"#,
    r#"{"order":1,"pan":{"4111-ssw0rd":1}}"#,
    r#"{"order":1,"4111-ssw0rd":{"4111-ssw0rd":1}}"#,
    r#"{"order":1,"order_card":{"4111-ssw0rd":1}}"#,
    r#"{"order":1,"card":"4111-ssw0rd","card":"4111-ssw0rd"}"#,
    r#"[1,{"kind":"4111-ssw0rd"}]"#,
    r#"[1,"4111-ssw0rd"]"#,
    r#"[1,{"number":["4111-ssw0rd"]}]"#,
    r#"[1,{"card":["4111-ssw0rd"]}]"#,
    r#"[1,{"4111-ssw0rd":"x","_aj_ruby2_keywords":["4111-ssw0rd"]}]"#,
];

#[tokio::test]
async fn no_error_of_a_form_of_serde_quotes_a_redacted_argument() {
    let definitions = of_one_argument();
    let names: Vec<_> = definitions.iter().map(Definition::name).collect();
    let words = seen_of(definitions, async |_, store| {
        let all = names.iter().flat_map(|name| STORED.iter().map(move |arguments| (*name, *arguments)));
        let numbered = (1..).zip(all);
        let jobs: Vec<_> = numbered
            .map(|(number, (name, arguments))| NewJob::new(JobId::from_number(number), name, arguments))
            .collect();
        let _stored = store.enqueue(&jobs).await.unwrap();
    })
    .await;
    assert!(!words.contains("ssw0rd"), "{words}");
    assert!(words.contains("not to be shown"), "{words}");
}

#[job(redact(card))]
async fn with_an_option(
    order: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")] note: Option<String>,
    #[serde(flatten)] card: Fields,
) {
    drop((order, note, card));
}

#[job(redact(card))]
async fn with_an_alias(#[serde(alias = "memo")] note: String, #[serde(flatten)] card: Fields) {
    drop((note, card));
}

#[job(redact(card))]
async fn with_two_names(
    #[serde(rename(serialize = "memo", deserialize = "note"), default)] text: String,
    #[serde(flatten)] card: Fields,
) {
    drop((text, card));
}

#[job(redact(card))]
async fn with_what_is_not_stored(#[serde(skip)] note: String, #[serde(flatten)] card: Fields) {
    drop((note, card));
}

#[job(redact(card))]
async fn with_other_fields(#[serde(flatten)] note: Fields, #[serde(flatten)] card: Fields) {
    drop((note, card));
}

#[job(redact(card))]
async fn with_what_is_compiled_elsewhere(#[cfg(any())] note: String, #[serde(flatten)] card: Fields) {
    drop(card);
}

#[job(redact(card))]
async fn with_a_name_of_some_programs(
    #[cfg_attr(all(), serde(rename = "memo"))] note: String,
    #[serde(flatten)] card: Fields,
) {
    drop((note, card));
}

/// Some of them cannot be read back, since another argument takes the field. Then the error is looked at.
async fn outcome<J: jobs::Job>(job: jobs::PerformLater<J>) -> String {
    let Err(error) = job.await else { return String::new() };
    let causes = std::iter::successors(std::error::Error::source(&error), |one| (*one).source());
    causes.fold(format!("{error} {error:?}"), |words, cause| format!("{words} {cause} {cause:?}"))
}

#[tokio::test]
async fn fields_of_a_flattened_redacted_argument_are_hidden_under_the_name_of_another() {
    let definitions = Vec::from(jobs::jobs![
        WithAnOption,
        WithAnAlias,
        WithTwoNames,
        WithWhatIsNotStored,
        WithOtherFields,
        WithWhatIsCompiledElsewhere,
        WithANameOfSomePrograms
    ]);
    let mut errors = Vec::new();
    let words = seen_of(definitions, async |jobs, _| {
        for key in ["note", "memo", "card", "order"] {
            errors.push(outcome(WithAnOption::perform_later(71, None, fields(key)).on(jobs)).await);
            errors.push(outcome(WithAnAlias::perform_later("shown-1", fields(key)).on(jobs)).await);
            errors.push(outcome(WithTwoNames::perform_later("x", fields(key)).on(jobs)).await);
            errors.push(outcome(WithWhatIsNotStored::perform_later("x", fields(key)).on(jobs)).await);
            errors.push(outcome(WithOtherFields::perform_later(Fields::new(), fields(key)).on(jobs)).await);
            errors.push(outcome(WithWhatIsCompiledElsewhere::perform_later(fields(key)).on(jobs)).await);
            errors.push(outcome(WithANameOfSomePrograms::perform_later("x", fields(key)).on(jobs)).await);
        }
    })
    .await;
    let words = format!("{words}\n{}", errors.join("\n"));
    assert!(!words.contains("ssw0rd"), "{words}");
    assert!(words.contains("71") && words.contains("shown-1"), "{words}");
}

#[tokio::test]
async fn a_call_that_is_not_awaited_yet_shows_no_redacted_argument() {
    let call = FlatMap::perform_later(71, fields(SECRET));
    let words = format!("{call:?} {:?}", FlatMap::new(72, fields(SECRET)));
    assert!(!words.contains("ssw0rd") && words.contains("71") && words.contains("72"), "{words}");
}
