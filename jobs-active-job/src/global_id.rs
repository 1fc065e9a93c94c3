//! A reference to a record of a Rails application: `gid://shop/User/9`.

use std::fmt;
use std::str::FromStr;

use jobs_core::Error;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use crate::Value;

/// A reference to a record of a Rails application, as the gem `globalid` writes it.
///
/// Ruby finds the record when it performs the job. Rust reads the reference from an argument that Ruby enqueued.
///
/// ```
/// use jobs_active_job::GlobalId;
///
/// let user = GlobalId::new("shop", "User", 9);
/// assert_eq!(user.to_string(), "gid://shop/User/9");
/// assert_eq!("gid://shop/User/9".parse::<GlobalId>().unwrap(), user);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "Value", try_from = "Value")]
#[non_exhaustive]
pub struct GlobalId {
    /// The name of the application, in lower case as a rule.
    pub app: String,
    /// The class of the record, with its modules: `Billing::Invoice`.
    pub model: String,
    /// The primary key as text; of a composite key its first part.
    pub id: String,
    /// The other parts of a composite key. Most models have none.
    pub further_ids: Vec<String>,
}

impl GlobalId {
    /// The record of this class with this primary key.
    pub fn new(app: impl Into<String>, model: impl Into<String>, id: impl fmt::Display) -> Self {
        Self { app: app.into(), model: model.into(), id: id.to_string(), further_ids: Vec::new() }
    }

    /// With these further parts of a composite primary key.
    pub fn further_ids<T: fmt::Display>(mut self, ids: impl IntoIterator<Item = T>) -> Self {
        self.further_ids = ids.into_iter().map(|id| id.to_string()).collect();
        self
    }
}

/// What `CGI.escape` of Ruby leaves as it is.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'~');
/// What the names of applications and classes have besides letters and digits.
const IN_NAMES: &AsciiSet = &ESCAPED.remove(b':');

impl fmt::Display for GlobalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (app, model) = (utf8_percent_encode(&self.app, ESCAPED), utf8_percent_encode(&self.model, IN_NAMES));
        write!(f, "gid://{app}/{model}")?;
        for id in std::iter::once(&self.id).chain(&self.further_ids) {
            // A space is the only character that becomes `%20`.
            write!(f, "/{}", utf8_percent_encode(id, ESCAPED).to_string().replace("%20", "+"))?;
        }
        Ok(())
    }
}

impl FromStr for GlobalId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        read(text).ok_or_else(|| {
            Error::invalid(format!(
                "`{}` is not the id of a record: it has the form `gid://app/Model/id`",
                text.escape_debug()
            ))
        })
    }
}

fn read(text: &str) -> Option<GlobalId> {
    let (app, path) = text.strip_prefix("gid://")?.split_once('/')?;
    let mut parts = path.split('/');
    let (model, id) = (parts.next()?, decoded(parts.next()?)?);
    let further_ids = parts.map(decoded).collect::<Option<Vec<_>>>()?;
    let is_named = !app.is_empty() && !model.is_empty() && !id.is_empty();
    let is_plain = !text.contains(['?', '#']);
    (is_named && is_plain).then(|| GlobalId { app: app.to_owned(), model: model.to_owned(), id, further_ids })
}

fn decoded(id: &str) -> Option<String> {
    let spaced = id.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

impl From<GlobalId> for Value {
    fn from(id: GlobalId) -> Self {
        Self::GlobalId(id)
    }
}

impl TryFrom<Value> for GlobalId {
    type Error = Error;

    fn try_from(value: Value) -> Result<Self, Error> {
        match &value {
            Value::GlobalId(id) => Ok(id.clone()),
            _ => value.as_str().map_or_else(|| Err(Error::invalid("expected the id of a record")), |text| text.parse()),
        }
    }
}
