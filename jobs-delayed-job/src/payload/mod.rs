//! What the handler of a job says that is to be performed, in the forms that Ruby writes.

mod active_job;
mod method_call;

use std::borrow::Cow;

use jobs_active_job::{SerializedJob, from_ruby};
use jobs_core::{Error, url};

pub use self::method_call::{MethodCall, Receiver};
use crate::yaml::{Node, first_tag, json_of, read};

/// What is to be performed, as the column `handler` says.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum PayloadObject {
    /// A job of Active Job, in the wrapper of Rails' or Delayed Job's own adapter.
    ActiveJob(SerializedJob),
    /// A call of a method: `mail.delay.deliver`, and mails of Action Mailer.
    Method(MethodCall),
    /// An object or a struct with a method `perform`.
    #[non_exhaustive]
    Object {
        /// Its class, with its modules: `Billing::Charge`.
        class: String,
        /// Its members or instance variables as a JSON object.
        members: String,
    },
}

impl PayloadObject {
    /// Reads the handler of a row.
    ///
    /// Symbols, dates, times, decimals and names of classes are read as texts, other objects as JSON objects of their fields. Aliases
    /// are expanded. Psych's rules of YAML 1.1 hold: `yes` is true, `1_000` a number and `1e3` a text.
    ///
    /// # Errors
    /// It is not YAML, its root has no tag of Ruby, or it is beyond a limit: 16 MiB, 127 lists and maps inside one another, and
    /// 1 MiB that aliases add. So is a text in block form that has a line separator of Unicode. The error
    /// [is corrupt](Error::is_corrupt).
    pub fn read(text: &str) -> Result<Self, Error> {
        Self::of(text)
            .map_err(|why| Error::corrupt(format!("the handler of a job of Delayed Job cannot be read: {why}")))
    }

    fn of(text: &str) -> Result<Self, String> {
        let Node::Tagged(tag, root) = read(text)? else {
            return Err("it does not begin with the tag of a class, as `--- !ruby/struct:SendMail`".to_owned());
        };
        let class = class_of_tag(&tag).ok_or_else(|| format!("its tag `{tag}` names no class"))?;
        if active_job::is_wrapper(class) {
            return active_job::read(&root).map(Self::ActiveJob);
        }
        if method_call::is_call(class) {
            return MethodCall::of(&root).map(Self::Method);
        }
        let members = if matches!(*root, Node::Map(_)) { json_of(&root) } else { "{}".to_owned() };
        Ok(Self::Object { class: class.to_owned(), members })
    }

    /// The class that the first line names, without reading the rest; `None` if it names none. Of a job of Active Job and of a
    /// call of a method it is the class that Delayed Job performs.
    pub fn class_of(text: &str) -> Option<Cow<'_, str>> {
        let class = class_of_tag(first_tag(text)?)?;
        // Letters that are not ASCII are escaped in tags.
        Some(if class.contains('%') { Cow::Owned(url::decode(class).ok()?) } else { Cow::Borrowed(class) })
    }

    /// The name of the job: the class, and of a call also the method as Delayed Job shows it: `Report.build` of a class or module,
    /// `Item#touch_it` of an object.
    pub fn name(&self) -> String {
        match self {
            Self::ActiveJob(job) => job.class().unwrap_or_default(),
            Self::Method(call) => call.name(),
            Self::Object { class, .. } => class.clone(),
        }
    }

    /// The arguments as JSON: a list of a job of Active Job and of a call, an object of the members of an object. Those of Active
    /// Job are plain, as [`from_ruby`] makes them. The first argument of a call on an object is the object: the primary key of a
    /// record, the fields of another one.
    pub fn arguments(&self) -> String {
        match self {
            Self::ActiveJob(job) => {
                from_ruby(job.arguments()).map_or_else(|_unreadable| job.arguments().to_owned(), Cow::into_owned)
            }
            Self::Method(call) => call.arguments(),
            Self::Object { members, .. } => members.clone(),
        }
    }

    /// The handler of a job of Active Job, byte for byte as Ruby 3.3 with libyaml 0.2.5 writes it. Older and newer versions read it.
    ///
    /// # Errors
    /// A value that was set in the job is not JSON as `serde_json` reads it. The error [is invalid](Error::is_invalid).
    pub fn write_active_job(job: &SerializedJob) -> Result<String, Error> {
        active_job::write(job)
    }

    /// Whether [`write_active_job`](Self::write_active_job) keeps all values that a handler of a job of Active Job has for Ruby. Binary
    /// texts, symbols, times, decimals and infinite numbers become texts.
    pub(crate) fn is_written_alike(text: &str) -> bool {
        active_job::is_written_alike(text)
    }
}

/// The class in a tag of Ruby for objects, structs, exceptions and records of old Rails.
fn class_of_tag(tag: &str) -> Option<&str> {
    let (kind, class) = tag.strip_prefix("!ruby/")?.split_once(':')?;
    let is_object = matches!(kind, "object" | "struct" | "exception" | "ActiveRecord" | "hash" | "array" | "string");
    (is_object && !class.is_empty()).then_some(class)
}
