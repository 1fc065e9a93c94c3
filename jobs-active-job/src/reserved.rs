//! The keys that Active Job reserves in hashes, and the names of the serializers that are known here.

/// All reserved keys begin like this.
pub(crate) const PREFIX: &str = "_aj_";

pub(crate) const GLOBAL_ID: &str = "_aj_globalid";
pub(crate) const SERIALIZED: &str = "_aj_serialized";
pub(crate) const SYMBOL_KEYS: &str = "_aj_symbol_keys";
pub(crate) const KEYWORDS: &str = "_aj_ruby2_keywords";
pub(crate) const INDIFFERENT: &str = "_aj_hash_with_indifferent_access";

pub(crate) const SYMBOL: &str = "ActiveJob::Serializers::SymbolSerializer";
pub(crate) const DECIMAL: &str = "ActiveJob::Serializers::BigDecimalSerializer";
pub(crate) const DATE: &str = "ActiveJob::Serializers::DateSerializer";
pub(crate) const TIME: &str = "ActiveJob::Serializers::TimeSerializer";
pub(crate) const DATE_TIME: &str = "ActiveJob::Serializers::DateTimeSerializer";
pub(crate) const ZONED_TIME: &str = "ActiveJob::Serializers::TimeWithZoneSerializer";
pub(crate) const DURATION: &str = "ActiveJob::Serializers::DurationSerializer";
pub(crate) const RANGE: &str = "ActiveJob::Serializers::RangeSerializer";
pub(crate) const MODULE: &str = "ActiveJob::Serializers::ModuleSerializer";
