//! What the error says about arguments that cannot be read.

use std::collections::BTreeMap;
use std::error::Error as _;

use jobs_core::{Context, Definition, DeserializeError, Failure, Job, Settings};
use serde::{Deserialize, Serialize};

use crate::setup::{Pay, execution};

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "the fields are only read into")]
struct Ship {
    order: Order,
    method: Method,
    labels: BTreeMap<String, u8>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "the fields are only read into")]
struct Order {
    lines: Vec<Line>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "the fields are only read into")]
struct Line {
    name: String,
    price: u32,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "the fields are only read into")]
enum Method {
    Post,
    Parcel { weight: f64 },
}

fn error(arguments: &str) -> DeserializeError {
    execution(arguments).arguments::<Ship>().expect_err("it cannot be read")
}

fn words(arguments: &str) -> String {
    let text = error(arguments).to_string();
    text.strip_prefix("the arguments cannot be read: ").expect("it says so").to_owned()
}

fn with_line(line: &str) -> String {
    format!(
        r#"{{"order":{{"lines":[{{"name":"a","price":1}},{{"price":2,"name":"]}},{{"}},{line}]}},"method":"Post"}}"#
    )
}

#[test]
fn the_path_leads_to_a_value_of_the_wrong_type() {
    let words = words(&with_line(r#"{"name":"c","price":"3"}"#));
    let expected = r#"order.lines[2].price: invalid type: string "3", expected u32 at line 1 column "#;
    assert!(words.starts_with(expected), "{words}");
}

#[test]
fn the_path_leads_to_a_value_of_the_wrong_kind() {
    for value in ["[1]", r#"{"a":1}"#, "null", "true", "-1", "1.5", "4294967296"] {
        let words = words(&with_line(&format!(r#"{{"name":"c","price":{value}}}"#)));
        assert!(words.starts_with("order.lines[2].price: invalid "), "{value}: {words}");
    }
}

#[test]
fn a_missing_field_is_named_with_the_value_that_lacks_it() {
    let words = words(&with_line(r#"{"name":"c"}"#));
    assert!(words.starts_with("order.lines[2]: missing field `price` at line 1 "), "{words}");
}

#[test]
fn a_missing_argument_needs_no_path() {
    assert_eq!(words("{}"), "missing field `order` at line 1 column 2");
}

#[test]
fn the_path_leads_into_variants_and_maps() {
    let heavy = words(r#"{"method":{"Parcel":{"weight":"much"}}}"#);
    assert!(heavy.starts_with("method.Parcel.weight: invalid type"), "{heavy}");
    let unknown = words(r#"{"method":"Pigeon"}"#);
    assert!(unknown.starts_with("method: unknown variant `Pigeon`, expected `Post` or `Parcel`"), "{unknown}");
    let label = words(r#"{"labels":{"a\"b":1,"c d":256}}"#);
    assert!(label.starts_with("labels.c d: invalid value: integer `256`, expected u8"), "{label}");
}

#[test]
fn the_path_is_right_over_several_lines_and_beside_letters_of_several_bytes() {
    let words = words("{\n  \"order\": {\n    \"lines\": [\n      {\"name\": \"é\\\\\", \"price\": []}\n    ]\n  }\n}");
    assert!(words.starts_with("order.lines[0].price: invalid type: sequence, expected u32 at line 4 "), "{words}");
}

#[test]
fn the_path_leads_to_a_value_in_a_list_of_arguments() {
    let words = words(r#"[{"lines":[{"name":1}]}]"#);
    assert!(words.starts_with("[0].lines[0].name: invalid type: integer `1`"), "{words}");
}

#[test]
fn text_that_is_not_json_has_a_line_and_a_column() {
    assert_eq!(words("{\"order\":\n nonsense}"), "expected ident at line 2 column 3");
    assert_eq!(words(""), "EOF while parsing a value at line 1 column 0");
}

#[test]
fn an_unreadable_inner_value_is_reported_once() {
    let failure = Failure::from_error(error(&with_line(r#"{"name":"c","price":"3"}"#)));
    assert_eq!(failure.layers().filter(|layer| layer.is::<DeserializeError>()).count(), 1);
    assert_eq!(failure.message().matches("cannot be read").count(), 1);
}

#[test]
fn a_list_before_the_value_is_left_again() {
    let path = words(r#"{"order":{"lines":[]},"labels":7}"#);
    assert!(path.starts_with("labels: invalid type: integer `7`, expected a map"), "{path}");
}

#[test]
fn serdes_own_error_is_the_cause() {
    let error = error("{}");
    assert!(error.source().is_some_and(<dyn std::error::Error>::is::<serde_json::Error>));
    let made = DeserializeError::new(serde_json::from_str::<u8>("x").unwrap_err());
    assert!(made.source().is_some());
    assert!(DeserializeError::message("no").source().is_none());
}

/// A job with parameters of the usual kinds; `old_mode` is an older name of `mode`.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Sitemap {
    site: String,
    #[serde(default)]
    depth: u8,
    #[serde(alias = "old_mode")]
    mode: Option<String>,
    force: Option<bool>,
}

impl Job for Sitemap {
    type Output = ();
    type Error = std::fmt::Error;
    const SETTINGS: Settings = Settings::new("sitemap");

    async fn perform(self, _: &Context) -> Result<(), std::fmt::Error> {
        Ok(())
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct RakeTask {
    task: Option<BTreeMap<String, u8>>,
}

impl Job for RakeTask {
    type Output = ();
    type Error = std::fmt::Error;
    const SETTINGS: Settings = Settings::new("rake_task");

    async fn perform(self, _: &Context) -> Result<(), std::fmt::Error> {
        Ok(())
    }
}

/// The arguments as they are stored, or the error.
fn stored<J: Job>(arguments: &str) -> String {
    let draft = Definition::of::<J>().draft(arguments, 1, 0);
    draft.map_or_else(|error| error.to_string(), |draft| draft.enqueue.arguments)
}

#[test]
fn a_last_mapping_in_a_list_is_keywords_where_the_list_alone_does_not_fit() {
    for (list, arguments) in [
        (r#"["a",{"force":true}]"#, r#"{"site":"a","depth":0,"mode":null,"force":true}"#),
        (r#"[{"site":"a","mode":"b"}]"#, r#"{"site":"a","depth":0,"mode":"b","force":null}"#),
        (r#" ["a",2,{"old_mode":"b"}]"#, r#"{"site":"a","depth":2,"mode":"b","force":null}"#),
        (r#"["a",{}]"#, r#"{"site":"a","depth":0,"mode":null,"force":null}"#),
        (r#"["a",1,"b",true]"#, r#"{"site":"a","depth":1,"mode":"b","force":true}"#),
    ] {
        assert_eq!(stored::<Sitemap>(list), arguments, "{list}");
    }
    assert_eq!(stored::<RakeTask>(r#"[{"task":1}]"#), r#"{"task":{"task":1}}"#, "the list alone fits");
    assert_eq!(stored::<RakeTask>(r#"[{"task":{"a":1}}]"#), r#"{"task":{"a":1}}"#);
}

#[test]
fn a_last_mapping_with_the_mark_of_keywords_is_keywords_also_where_the_list_fits() {
    let marked = r#"[{"task":{"a":1},"_aj_ruby2_keywords":["task"]}]"#;
    assert_eq!(stored::<RakeTask>(marked), r#"{"task":{"a":1}}"#);
    let other = r#"[{"a":1,"_aj_ruby2_keywords":["a"]}]"#;
    assert_eq!(stored::<RakeTask>(other), r#"{"task":{"a":1}}"#, "Ruby too passes keywords as a last hash");
    assert_eq!(stored::<RakeTask>(r#"[{"_aj_ruby2_keywords":[]}]"#), r#"{"task":null}"#);
    let few = r#"["a",{"force":true,"_aj_ruby2_keywords":["force"]}]"#;
    assert_eq!(stored::<Sitemap>(few), r#"{"site":"a","depth":0,"mode":null,"force":true}"#);
}

#[derive(Serialize, Deserialize)]
struct Transfer {
    amount: Box<serde_json::value::RawValue>,
    account: u128,
}

impl Job for Transfer {
    type Output = ();
    type Error = std::fmt::Error;
    const SETTINGS: Settings = Settings::new("transfer");

    async fn perform(self, _: &Context) -> Result<(), std::fmt::Error> {
        Ok(())
    }
}

#[test]
fn numbers_in_keywords_and_lists_keep_every_digit() {
    let expected = r#"{"amount":1.50000000000000000001,"account":340282366920938463463374607431768211455}"#;
    for list in [
        "[1.50000000000000000001,340282366920938463463374607431768211455]",
        r#"[1.50000000000000000001,{"account":340282366920938463463374607431768211455}]"#,
    ] {
        assert_eq!(stored::<Transfer>(list), expected, "{list}");
    }
}

#[test]
fn a_key_that_active_job_reserves_is_told_to_the_store() {
    for (task, key) in [(r#"{"_aj_globalid":1}"#, Some("_aj_globalid")), (r#"{"aj":1}"#, None)] {
        let draft = Definition::of::<RakeTask>().draft(&format!("{{\"task\":{task}}}"), 1, 0).unwrap();
        assert_eq!(draft.enqueue.reserved_key.as_deref(), key);
    }
}

#[test]
fn what_may_be_left_out_may_be_missing_at_the_end_of_a_list() {
    assert_eq!(stored::<RakeTask>("[]"), r#"{"task":null}"#);
    assert_eq!(stored::<Sitemap>(r#"["a",3]"#), r#"{"site":"a","depth":3,"mode":null,"force":null}"#);
    assert!(stored::<Sitemap>("[]").ends_with("missing field `site`"), "{}", stored::<Sitemap>("[]"));
}

#[test]
fn a_list_that_does_not_fit_is_explained_by_the_parameters() {
    for (list, words) in [
        ("[1,2]", "the arguments of `rake_task`: 2 arguments are given, `rake_task` has 1: `task`"),
        (r#"["a",1,"b",true,5]"#, "5 arguments are given, `sitemap` has 4"),
        (r#"["a",{"force":1}]"#, "force: invalid type: integer `1`, expected a boolean"),
        (r#"["a",{"site":"b"}]"#, "duplicate field `site`"),
        (r#"["a",{"size":1}]"#, "[1]: invalid type: map, expected u8"),
    ] {
        let told = if list == "[1,2]" { stored::<RakeTask>(list) } else { stored::<Sitemap>(list) };
        assert!(told.contains(words), "{list}: {told}");
    }
    assert!(
        stored::<Pay>("[1,2]").contains("2 arguments are given, `pay` has 1: `order`"),
        "{}",
        stored::<Pay>("[1,2]")
    );
}

#[derive(Serialize, Deserialize)]
struct Kw {
    force: bool,
    #[serde(alias = "since")]
    days: Option<u32>,
}

impl Job for Kw {
    type Output = ();
    type Error = std::io::Error;
    const SETTINGS: Settings = Settings::new("kw");

    async fn perform(self, _: &Context) -> Result<(), std::io::Error> {
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
struct Open {
    force: bool,
    #[serde(flatten)]
    more: BTreeMap<String, u32>,
}

impl Job for Open {
    type Output = ();
    type Error = std::io::Error;
    const SETTINGS: Settings = Settings::new("open");

    async fn perform(self, _: &Context) -> Result<(), std::io::Error> {
        Ok(())
    }
}

#[test]
fn a_name_that_no_parameter_has_is_told_with_the_nearest_one() {
    let kw = Definition::of::<Kw>();
    let told = |arguments| kw.check_names(arguments, 1).expect_err("it is refused").to_string();
    let there_is = "(there is `force`, `days`, `since`)";
    let forec = format!("`kw` has no argument `forec`; did you mean `force`? {there_is}");
    assert_eq!(told(r#"{"forec":true}"#), forec);
    assert_eq!(told(r#"[{"forec":true}]"#), forec);
    assert_eq!(
        told(r#"{"force":true,"dayz":3}"#),
        format!("`kw` has no argument `dayz`; did you mean `days`? {there_is}")
    );
    assert_eq!(told(r#"[true,{"dayz":3}]"#), format!("`kw` has no argument `dayz`; did you mean `days`? {there_is}"));
    assert_eq!(told(r#"{"force":true,"colour":3}"#), format!("`kw` has no argument `colour` {there_is}"));
}

#[test]
fn names_are_right_that_a_parameter_or_its_alias_has_or_that_are_not_known() {
    let kw = Definition::of::<Kw>();
    for right in [r#"{"force":true,"since":3}"#, r#"{"force":true}"#, "[true,3]", r#"[true,{"days":3}]"#, "[{}]", "7"] {
        assert!(kw.check_names(right, 1).is_ok(), "{right}");
    }
    assert!(kw.check_names(r#"{"forec":true}"#, 2).is_ok(), "another version has other names");
    assert!(Definition::of::<Open>().check_names(r#"{"force":true,"dayz":3}"#, 1).is_ok(), "it takes any name");
    assert!(kw.draft(r#"{"force":true,"dayz":3}"#, 1, 0).is_ok(), "a stored job may have more");
}
