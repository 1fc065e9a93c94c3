//! The job classes of a Ruby file: names with modules, queues, and the parameters of `perform`.

use super::source::{closing, split, statements};

/// A class with a method `perform`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct RubyJob {
    /// The name with its modules: `Billing::ChargeJob`.
    pub(super) class: String,
    /// The queue, if it is a constant.
    pub(super) queue: Option<String>,
    /// What its `sidekiq_options` say of retries.
    pub(super) retry: Option<String>,
    /// The text between the parentheses of `perform`.
    pub(super) parameters: String,
}

/// What an `end` closes.
enum Scope {
    Module(String),
    Class { name: String, queue: Option<String>, retry: Option<String>, parameters: Option<String> },
    Block,
}

/// The job classes, in the order in which they end.
pub(super) fn classes(text: &str) -> Vec<RubyJob> {
    let (mut scopes, mut jobs) = (Vec::new(), Vec::new());
    for statement in statements(text) {
        read(&statement, &mut scopes, &mut jobs);
    }
    jobs
}

fn read(statement: &str, scopes: &mut Vec<Scope>, jobs: &mut Vec<RubyJob>) {
    let statement =
        ["private ", "public ", "protected "].iter().find_map(|word| statement.strip_prefix(word)).unwrap_or(statement);
    let (word, rest) = statement.split_once(char::is_whitespace).unwrap_or((statement, ""));
    match word {
        "module" => scopes.push(Scope::Module(constant(rest))),
        // `class << self` has no name.
        "class" if !rest.trim_start().starts_with("<<") => {
            scopes.push(Scope::Class { name: constant(rest), queue: None, retry: None, parameters: None });
        }
        "def" => define(rest, scopes),
        "queue_as" | "sidekiq_options" => set_options(word, rest, scopes),
        _ if is_end(word) => close(scopes, jobs),
        _ if opens(word, statement) => scopes.push(Scope::Block),
        _ => {}
    }
    if word == "queue_as" && has_block(statement) {
        scopes.push(Scope::Block);
    }
}

fn constant(rest: &str) -> String {
    rest.trim_start().chars().take_while(|one| one.is_alphanumeric() || matches!(one, '_' | ':')).collect()
}

/// A method. One that is written `def name = value` has no `end`.
fn define(rest: &str, scopes: &mut Vec<Scope>) {
    let name: String =
        rest.chars().take_while(|one| one.is_alphanumeric() || matches!(one, '_' | '.' | '?' | '!')).collect();
    let after = rest[name.len()..].trim_start();
    let (parameters, body) = match after.strip_prefix('(') {
        Some(inner) => closed(inner),
        None if is_value(after) => ("", after),
        None => (after, ""),
    };
    if let (Some(Scope::Class { parameters: slot, .. }), "perform") = (scopes.last_mut(), name.as_str()) {
        *slot = Some(parameters.trim().to_owned());
    }
    if !is_value(body) {
        scopes.push(Scope::Block);
    }
}

/// Whether a method has this value instead of a body. `def name=(value)` has none.
fn is_value(after: &str) -> bool {
    after.trim_start().starts_with("= ")
}

/// The text before the parenthesis that closes, and that after it.
fn closed(inner: &str) -> (&str, &str) {
    let end = closing(inner);
    (&inner[..end], inner.get(end + 1..).unwrap_or_default())
}

fn set_options(word: &str, rest: &str, scopes: &mut [Scope]) {
    let Some(Scope::Class { queue, retry, .. }) = scopes.last_mut() else { return };
    if word == "queue_as" {
        *queue = literal(rest);
        return;
    }
    for option in split(rest, ',') {
        match option.trim().split_once(':') {
            Some(("queue", value)) => *queue = literal(value),
            Some(("retry", value)) => *retry = Some(value.trim().to_owned()),
            _ => {}
        }
    }
}

/// The text of a symbol or a string without interpolation.
fn literal(value: &str) -> Option<String> {
    let value = value.trim().trim_start_matches('(').trim_end_matches(')').trim();
    let text = value.strip_prefix(':').unwrap_or(value).trim_matches(['"', '\'']);
    let is_literal = value.starts_with([':', '"', '\'']) && !text.is_empty() && !text.contains(['#', '"', '\'', ' ']);
    is_literal.then(|| text.to_owned())
}

fn close(scopes: &mut Vec<Scope>, jobs: &mut Vec<RubyJob>) {
    let Some(Scope::Class { name, queue, retry, parameters: Some(parameters) }) = scopes.pop() else { return };
    let around = scopes.iter().filter_map(|scope| match scope {
        Scope::Module(name) | Scope::Class { name, .. } => Some(name.as_str()),
        Scope::Block => None,
    });
    let class = around.chain([name.trim_start_matches("::")]).collect::<Vec<_>>().join("::");
    jobs.push(RubyJob { class, queue, retry, parameters });
}

/// Whether the statement has an `end` of its own.
fn opens(word: &str, statement: &str) -> bool {
    let is_keyword = |word: &str| matches!(word, "if" | "unless" | "while" | "until" | "case" | "begin" | "for");
    let is_assigned = ["= if ", "= case ", "= begin", "= unless "].iter().any(|value| statement.contains(value));
    let is_on_one_line = statement.ends_with(" end");
    !is_on_one_line && (word == "class" || is_keyword(word) || is_assigned || has_block(statement))
}

/// `end`, also where its value is used: `end.join`.
fn is_end(word: &str) -> bool {
    word.strip_prefix("end").is_some_and(|rest| !rest.starts_with(|one: char| one.is_alphanumeric() || one == '_'))
}

fn has_block(statement: &str) -> bool {
    statement.ends_with(" do") || (statement.contains(" do |") && statement.ends_with('|'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(class: &str, queue: Option<&str>, parameters: &str) -> RubyJob {
        let (class, queue, parameters) = (class.to_owned(), queue.map(str::to_owned), parameters.to_owned());
        RubyJob { class, queue, retry: None, parameters }
    }

    #[test]
    fn a_class_in_modules_is_found_with_its_queue_and_parameters() {
        let text = r#"
module Billing # money
  class ChargeJob < ApplicationJob
    queue_as :payments
    retry_on(Timeout::Error, wait: 5.seconds) { |job, error| job.log(error) }
    SQL = <<~SQL
      class Fake; def perform(x); end; end
    SQL

    before_perform do |job|
      if job.late?
        log "def perform(wrong)"
      end
    end

    def perform(order_id, amount = (1 + 2),
                currency: "EUR, #1", notify:) # def perform
      return unless order_id
      x = if amount then 1 else 2 end
    end

    private def lines
      orders.map do |order|
        order.line
      end.join
    end

    def helper = 1
  end
end
"#;
        let parameters = r#"order_id, amount = (1 + 2), currency: "EUR, #1", notify:"#;
        assert_eq!(classes(text), [job("Billing::ChargeJob", Some("payments"), parameters)]);
    }

    #[test]
    fn compact_names_one_line_methods_and_several_classes_are_found() {
        let text = "class Billing::ChargeJob < ApplicationJob\n  queue_as { :late }\n  def perform = 1\nend\n\
                    class HardJob\n  include Sidekiq::Job\n  sidekiq_options retry: 5, queue: 'hard'\n  def perform a, b = {}\n  end\nend\n\
                    class Helper\n  def call(x); end\nend\nclass Tiny < ApplicationJob; def perform(x); end; end\n";
        let hard = RubyJob { retry: Some("5".to_owned()), ..job("HardJob", Some("hard"), "a, b = {}") };
        let expected = [job("Billing::ChargeJob", None, ""), hard, job("Tiny", None, "x")];
        assert_eq!(classes(text), expected);
    }

    #[test]
    fn options_of_sidekiq_without_a_queue_leave_the_queue_as_it_is() {
        let text =
            "class A\n  queue_as :low\n  sidekiq_options retry: false, backtrace: true\n  def perform\n  end\nend\n";
        assert_eq!(classes(text), [RubyJob { retry: Some("false".to_owned()), ..job("A", Some("low"), "") }]);
    }

    #[test]
    fn a_queue_that_is_computed_is_left_out() {
        let text = "class A < ApplicationJob\n  queue_as do\n    :x\n  end\n  def perform\n  end\nend\n";
        assert_eq!(classes(text), [job("A", None, "")]);
    }
}
