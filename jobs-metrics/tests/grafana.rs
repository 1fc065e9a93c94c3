//! The dashboard, the alert rules in `docs/grafana` and the guide use only metrics that exist.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

use std::path::Path;

use jobs_metrics::{METRICS, Metric, MetricKind};
use serde_json::Value;

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/grafana").join(name)).unwrap()
}

/// The strings under this key at any depth.
fn texts(value: &Value, key: &str) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().flat_map(|one| texts(one, key)).collect(),
        Value::Object(map) => {
            let own = map.get(key).and_then(Value::as_str).map(str::to_owned);
            own.into_iter().chain(map.values().flat_map(|one| texts(one, key))).collect()
        }
        _ => Vec::new(),
    }
}

/// The words of an expression that may be names, each with the character after it. Quoted text is left out.
fn words(expr: &str) -> Vec<(&str, char)> {
    let is_unquoted = |index: usize| expr[..index].matches('"').count().is_multiple_of(2);
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let mut words = Vec::new();
    let mut rest = 0;
    while let Some(begin) = expr[rest..].find(is_word).map(|at| rest + at) {
        let end = expr[begin..].find(|c| !is_word(c)).map_or(expr.len(), |at| begin + at);
        let after = expr[end..].trim_start().chars().next().unwrap_or(' ');
        words.extend(is_unquoted(begin).then_some((&expr[begin..end], after)));
        rest = end;
    }
    words
}

fn metric(word: &str) -> Option<&'static Metric> {
    let parts = ["_bucket", "_sum", "_count"];
    let base = parts.iter().find_map(|part| word.strip_suffix(part)).unwrap_or(word);
    METRICS.iter().find(|metric| match metric.kind {
        MetricKind::Histogram => metric.name == base && base != word,
        _ => metric.name == word,
    })
}

/// Every metric of the expression exists, and every label belongs to one of its metrics.
fn check(expr: &str) {
    let named = words(expr).into_iter().filter(|(word, _)| word.starts_with("jobs_"));
    let metrics: Vec<_> =
        named.map(|(word, _)| metric(word).unwrap_or_else(|| panic!("`{word}` is not a metric: {expr}"))).collect();
    assert!(!metrics.is_empty(), "no metric is named: {expr}");
    let labels: Vec<&str> = metrics.iter().flat_map(|metric| metric.labels).copied().collect();
    let grouped = expr.split("by (").skip(1).flat_map(|rest| rest.split(')').next().unwrap().split(','));
    let matched = words(expr).into_iter().filter(|(_, after)| matches!(after, '=' | '!')).map(|(word, _)| word);
    for label in grouped.map(str::trim).chain(matched) {
        // These two belong to Prometheus.
        let is_known = labels.contains(&label) || ["le", "instance"].contains(&label);
        assert!(is_known, "`{label}` is not a label of these metrics: {expr}");
    }
}

#[test]
fn the_dashboard_uses_only_metrics_and_labels_that_exist() {
    let dashboard: Value = serde_json::from_str(&read("jobs.json")).unwrap();
    let expressions = texts(&dashboard["panels"], "expr");
    assert!(expressions.len() > 20, "{}", expressions.len());
    for expr in &expressions {
        check(expr);
    }
    for variable in texts(&dashboard["templating"], "definition") {
        let (metric, label) =
            variable.trim_start_matches("label_values(").trim_end_matches(')').split_once(", ").unwrap();
        assert!(self::metric(metric).unwrap().labels.contains(&label), "{variable}");
    }
    let sources = texts(&dashboard["panels"], "uid");
    assert!(sources.iter().all(|uid| uid == "${datasource}"), "the data source is chosen at the import: {sources:?}");
}

#[test]
fn the_guide_names_each_metric_with_its_labels() {
    let page =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/guide/observing.md")).unwrap();
    for metric in METRICS {
        let row = page.lines().find(|line| line.starts_with("| ") && line.contains(&format!("`{}`", metric.name)));
        let row = row.unwrap_or_else(|| panic!("`{}` is not in the guide", metric.name));
        assert!(metric.labels.iter().all(|label| row.contains(&format!("`{label}`"))), "{row}");
    }
}

#[test]
fn the_panels_of_the_dashboard_do_not_overlap() {
    let dashboard: Value = serde_json::from_str(&read("jobs.json")).unwrap();
    let mut taken = std::collections::BTreeSet::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        let [x, y, w, h] = ["x", "y", "w", "h"].map(|side| panel["gridPos"][side].as_u64().unwrap());
        assert!(x + w <= 24, "{panel}");
        assert!((x..x + w).all(|x| (y..y + h).all(|y| taken.insert((x, y)))), "{panel}");
    }
}

#[test]
fn the_rules_use_only_metrics_and_labels_that_exist() {
    let rules: Value = serde_saphyr::from_str(&read("alerts.yml")).unwrap();
    let rules = rules["groups"][0]["rules"].as_array().unwrap();
    for rule in rules {
        check(rule["expr"].as_str().unwrap());
        assert!(rule["alert"].as_str().unwrap().starts_with("Jobs"));
        assert!(["page", "ticket"].contains(&rule["labels"]["severity"].as_str().unwrap()), "{rule}");
        let summary = rule["annotations"]["summary"].as_str().unwrap();
        let expr = rule["expr"].as_str().unwrap();
        for label in summary.split("$labels.").skip(1).map(|rest| rest.split([' ', '}']).next().unwrap()) {
            assert!(expr.contains(&format!("by ({label})")), "`{label}` is not there: {summary}");
        }
    }
    assert!(rules.len() >= 10);
}
