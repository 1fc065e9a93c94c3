//! Emits durations.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::model::DurationValue;

/// A constant expression.
pub(crate) fn constant(duration: Duration) -> TokenStream {
    let (seconds, nanos) = (duration.as_secs(), duration.subsec_nanos());
    quote!(::core::time::Duration::new(#seconds, #nanos))
}

impl ToTokens for DurationValue {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Known(duration) => tokens.extend(constant(*duration)),
            Self::Expression(expression) => expression.to_tokens(tokens),
        }
    }
}
