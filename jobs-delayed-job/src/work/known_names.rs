//! The lines of handlers that name the jobs of a program, for the condition of its claims.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use jobs_active_job::{ClassNames, Rails, SerializedJob};

use crate::PayloadObject;

/// The names of the last claim, with the lines of handlers for them.
#[derive(Debug, Default)]
pub(crate) struct KnownNames(Mutex<Option<NamesAndLines>>);

type NamesAndLines = (Arc<[String]>, Arc<[String]>);

impl KnownNames {
    /// The lines of handlers that name these jobs, as `Statements::class_line` finds them.
    pub(crate) fn lines(&self, names: &Arc<[String]>, rule: ClassNames) -> Arc<[String]> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, lines)) = last.as_ref().filter(|(known, _)| Arc::ptr_eq(known, names)) {
            return Arc::clone(lines);
        }
        let lines: Arc<[String]> = lines_of(names, rule).into_iter().collect();
        *last = Some((Arc::clone(names), Arc::clone(&lines)));
        lines
    }
}

fn lines_of(names: &[String], rule: ClassNames) -> BTreeSet<String> {
    let classes = names.iter().flat_map(|name| [rule.class_of(name).into_owned(), name.clone()]);
    let mut lines: BTreeSet<String> = classes.flat_map(|class| lines_of_class(&class)).collect();
    // Of calls by `delay` only the method is in a line of its own; their receiver is looked at after the claim.
    let methods = names.iter().filter_map(|name| name.rsplit_once(['.', '#']));
    lines.extend(methods.map(|(_receiver, method)| format!("method_name: :{method}")));
    lines
}

/// The line of an Active Job, as Psych writes it, and the first lines of a struct and of an object.
fn lines_of_class(class: &str) -> Vec<String> {
    let job = SerializedJob::new(class, "", "", "[]".to_owned(), Rails::default());
    let handler = job.and_then(|job| PayloadObject::write_active_job(&job)).unwrap_or_default();
    let line = handler.lines().find_map(|line| line.strip_prefix("  job_class: "));
    let mut lines: Vec<String> = line.map(str::to_owned).into_iter().collect();
    lines.extend(["struct", "object"].map(|kind| format!("--- !ruby/{kind}:{class}")));
    lines.push(format!("--- !ruby/object:{class} {{}}"));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_known_by_its_class_in_each_form_of_a_handler() {
        let lines = lines_of(&["send_mail".to_owned(), "null".to_owned()], ClassNames::Ruby);
        for line in
            ["SendMailJob", "send_mail", "'null'", "--- !ruby/struct:SendMailJob", "--- !ruby/object:send_mail {}"]
        {
            assert!(lines.contains(line), "{line} of {lines:?}");
        }
        assert!(lines_of(&["Report.build".to_owned()], ClassNames::Same).contains("method_name: :build"));
    }
}
