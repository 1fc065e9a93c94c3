//! Jobs that genuine releases of Rails wrote, in `tests/samples`, one a line.

use jobs_active_job::{Rails, SerializedJob, Value, from_ruby};

const SAMPLES: [(Rails, &str); 3] = [
    (Rails::V6_1, include_str!("../samples/rails-6.1.jsonl")),
    (Rails::V7_2, include_str!("../samples/rails-7.2.jsonl")),
    (Rails::V7_2, include_str!("../samples/rails-8.1.jsonl")),
];

fn lines() -> impl Iterator<Item = (Rails, &'static str)> {
    SAMPLES.into_iter().flat_map(|(rails, text)| text.lines().map(move |line| (rails, line)))
}

#[test]
fn every_job_of_ruby_is_written_back_byte_for_byte() {
    for (_, line) in lines() {
        assert_eq!(SerializedJob::parse(line).unwrap().to_string(), line);
    }
}

#[test]
fn every_argument_of_ruby_is_written_back_byte_for_byte() {
    for (rails, line) in lines() {
        let job = SerializedJob::parse(line).unwrap();
        let arguments = Value::parse(job.arguments()).unwrap();
        assert_eq!(arguments.to_json(rails).unwrap(), job.arguments());
    }
}

#[test]
fn a_job_that_is_built_here_has_the_keys_and_forms_of_the_release() {
    for (rails, line) in lines() {
        let read = SerializedJob::parse(line).unwrap();
        let (class, id, queue) = (read.class().unwrap(), read.job_id().unwrap(), read.queue().unwrap());
        let mut built = SerializedJob::new(&class, &id, &queue, read.arguments().to_owned(), rails).unwrap();
        built.set_priority(read.priority());
        built.set_executions(read.executions());
        for (key, count) in read.exception_executions() {
            built.set_exception_executions(&key, count);
        }
        read.locale().iter().for_each(|locale| built.set_locale(locale));
        built.set_timezone(read.timezone().as_deref());
        if let Some(id) = read.get("provider_job_id").filter(|id| *id != "null") {
            built.set("provider_job_id", &serde_json::from_str::<serde_json::Value>(id).unwrap()).unwrap();
        }
        built.set_times(read.enqueued_at().unwrap(), read.scheduled_at(), rails);
        // Our times have microseconds, those of Ruby nanoseconds.
        assert_eq!(without_nanoseconds(&built.to_string()), without_nanoseconds(line));
    }
}

/// The text with `000` for the last three of nine digits of a second.
fn without_nanoseconds(text: &str) -> String {
    let mut parts = text.split("Z\"");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_nanoseconds = out.len() > 9 && out[out.len() - 9..].bytes().all(|byte| byte.is_ascii_digit());
        if is_nanoseconds {
            out.replace_range(out.len() - 3.., "000");
        }
        out += "Z\"";
        out += part;
    }
    out
}

#[test]
fn all_kinds_of_arguments_of_each_release_become_plain_json() {
    let expected = |decimal: &str, range: &str| {
        format!(
            r#"["sym","gid://shop/Item/7","2026-01-02T03:04:05.500000000Z","2026-01-02",5400,{range}{decimal},{{"a":1,"b":"gid://shop/Item/8"}},{{"key":"word","other":"sym","_aj_ruby2_keywords":["key","other"]}}]"#
        )
    };
    let all = lines().map(|(rails, line)| (rails, SerializedJob::parse(line).unwrap()));
    let all: Vec<_> = all.filter(|(_, job)| job.arguments().contains("\"other\":")).collect();
    assert!(all.len() >= 2);
    for (rails, job) in all {
        let range = if rails == Rails::V6_1 { "" } else { r#"{"begin":1,"end":3,"exclude_end":false},"# };
        let plain = from_ruby(job.arguments()).unwrap();
        let decimals = ["0.125e1", "1.25"].map(|decimal| expected(&format!("{decimal:?}"), range));
        assert!(decimals.contains(&plain.clone().into_owned()), "{plain}");
    }
}
