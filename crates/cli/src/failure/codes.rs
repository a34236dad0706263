//! Which code an error of the library has.

use std::io;
use std::path::Path;

use tribus::audience::AudienceError;
use tribus::evidence::EvidenceError;
use tribus::export::ExportError;
use tribus::pipeline::PipelineError;
use tribus::plan::PlanError;
use tribus::purchases::PurchasesError;
use tribus::recipe::RecipeError;
use tribus::segmentation::SegmentationError;
use tribus::source::ReadError;
use tribus::sql::SqlError;

use crate::code::Code;

pub(super) fn of_reading(error: &ReadError) -> Code {
    match error {
        ReadError::NotFound { .. } | ReadError::SilentPipe { .. } => Code::InputMissing,
        ReadError::Changed { .. } => Code::InputChanged,
        ReadError::Unreadable { source, .. } if is_connection_lost(source) => Code::ConnectionLost,
        ReadError::NoInput
        | ReadError::UnknownEncoding { .. }
        | ReadError::BadCharacter { .. }
        | ReadError::BadDecimal { .. } => Code::Usage,
        ReadError::UnknownColumn { .. } => Code::ColumnUnknown,
        ReadError::NoSheet { .. } => Code::SheetUnknown,
        ReadError::Empty { .. } | ReadError::NoRows { .. } => Code::InputEmpty,
        ReadError::Html { .. }
        | ReadError::UnknownFormat { .. }
        | ReadError::Archive { .. }
        | ReadError::UnsupportedType { .. } => Code::FormatUnknown,
        ReadError::Encrypted { .. } | ReadError::EncryptedParquet { .. } => Code::InputEncrypted,
        ReadError::Corrupt { .. }
        | ReadError::CutOff { .. }
        | ReadError::BadJson { .. }
        | ReadError::ConflictMarker { .. } => Code::InputDamaged,
        ReadError::TooLarge { .. } | ReadError::Exhausted { .. } => Code::InputTooLarge,
        ReadError::BadEncoding { .. } => Code::EncodingWrong,
        ReadError::Comment { .. }
        | ReadError::Preamble { .. }
        | ReadError::HeaderShort { .. }
        | ReadError::HeaderIsRow { .. }
        | ReadError::SecondHeader { .. } => Code::HeaderUnclear,
        ReadError::FieldCount { .. }
        | ReadError::StrayQuote { .. }
        | ReadError::Apostrophes { .. }
        | ReadError::OddEnd { .. }
        | ReadError::UnterminatedQuote { .. } => Code::RowsMisfit,
        ReadError::DuplicateColumn { .. } => Code::ColumnDuplicate,
        ReadError::ColumnMissing { .. } | ReadError::ColumnAdditional { .. } => Code::ColumnsDiffer,
        ReadError::Misfit { .. }
        | ReadError::NotNumbers { .. }
        | ReadError::NotDates { .. }
        | ReadError::TwoDigitYear { .. } => Code::CellMisfit,
        ReadError::AmbiguousDates { .. }
        | ReadError::MixedDates { .. }
        | ReadError::AmbiguousDecimals { .. } => Code::NotationAmbiguous,
        ReadError::DuplicateId { .. } | ReadError::EmptyId { .. } => Code::IdInvalid,
        // A folder, a device, no permission, and what the system says else.
        _ => Code::InputUnreadable,
    }
}

/// A file system in the network, or a socket, whose other end went away.
fn is_connection_lost(error: &io::Error) -> bool {
    use io::ErrorKind as Because;
    matches!(
        error.kind(),
        Because::ConnectionReset
            | Because::ConnectionAborted
            | Because::ConnectionRefused
            | Because::NotConnected
            | Because::BrokenPipe
            | Because::TimedOut
            | Because::HostUnreachable
            | Because::NetworkUnreachable
            | Because::NetworkDown
            | Because::StaleNetworkFileHandle
    )
}

pub(super) fn of_recipe(error: &RecipeError) -> Code {
    match error {
        RecipeError::Unknown { .. } => Code::RecipeMissing,
        RecipeError::Unreadable { source, .. } if source.kind() == io::ErrorKind::NotFound => {
            Code::RecipeMissing
        }
        RecipeError::NothingFits { .. } => Code::ColumnUnknown,
        _ => Code::RecipeInvalid,
    }
}

pub(super) fn of_plan(error: &PlanError) -> Code {
    match error {
        PlanError::UnknownColumn { .. } => Code::ColumnUnknown,
        PlanError::Read(error) => of_reading(error),
        _ => Code::ExpressionInvalid,
    }
}

pub(super) fn of_pipeline(error: &PipelineError) -> Code {
    match error {
        PipelineError::UnknownColumn { .. } => Code::ColumnUnknown,
        PipelineError::Read(error) => of_reading(error),
        PipelineError::WrongKind { .. }
        | PipelineError::OutsideDomain { .. }
        | PipelineError::TooLarge { .. } => Code::CellMisfit,
        PipelineError::Missing { .. } | PipelineError::NoValues { .. } => Code::ValueMissing,
        PipelineError::NoRowsLeft { .. }
        | PipelineError::AllConstant { .. }
        | PipelineError::NoFeatures { .. } => Code::NothingToCluster,
        PipelineError::Expression { .. } | PipelineError::Circle { .. } => Code::ExpressionInvalid,
        _ => Code::RecipeInvalid,
    }
}

pub(super) fn of_purchases(error: &PurchasesError) -> Code {
    match error {
        PurchasesError::NoCustomer { .. }
        | PurchasesError::NoDate { .. }
        | PurchasesError::NoAmount { .. }
        | PurchasesError::Currencies { .. } => Code::PurchasesUnclear,
        PurchasesError::AmbiguousDates { .. } => Code::NotationAmbiguous,
        PurchasesError::Column { .. } => Code::ColumnUnknown,
        PurchasesError::Expression { .. } => Code::ExpressionInvalid,
        PurchasesError::NoSql { .. } => Code::SqlImpossible,
        PurchasesError::NothingLeft { .. } => Code::NothingToCluster,
        _ => Code::RecipeInvalid,
    }
}

pub(super) fn of_segmentation(error: &SegmentationError) -> Code {
    match error {
        SegmentationError::Purchases(error) => of_purchases(error),
        SegmentationError::Plan(error) => of_plan(error),
        SegmentationError::Pipeline(error) => of_pipeline(error),
        SegmentationError::RepeatedId { .. } => Code::IdInvalid,
        SegmentationError::Evidence(EvidenceError::Engine { .. })
        | SegmentationError::Engine { .. } => Code::NothingToCluster,
        SegmentationError::Evidence(_) => Code::TooFewCustomers,
        SegmentationError::Campaign(_) => Code::RecipeInvalid,
        SegmentationError::NoSuchSegment { .. } => Code::SegmentUnknown,
        SegmentationError::NoSuchCustomer { .. } => Code::CustomerUnknown,
        SegmentationError::SetAside { .. } => Code::CustomerSetAside,
        SegmentationError::NotKept { .. } => Code::NumberNotKept,
        SegmentationError::NoValue { .. } => Code::ColumnUnknown,
        SegmentationError::Name { .. } => Code::NameInvalid,
        SegmentationError::Unreadable { path, source }
            if source.kind() == io::ErrorKind::NotFound =>
        {
            // A folder is there, but no segmentation in it: it is not ours.
            let folder = path
                .parent()
                .filter(|_| path.ends_with("segmentation.json"));
            if folder.is_some_and(Path::is_dir) {
                Code::FolderWithoutModel
            } else {
                Code::ModelMissing
            }
        }
        SegmentationError::Unreadable { source, .. } if is_connection_lost(source) => {
            Code::ConnectionLost
        }
        _ => Code::ModelInvalid,
    }
}

pub(super) fn of_export(error: &ExportError) -> Code {
    match error {
        ExportError::UnknownColumn { .. } => Code::ColumnUnknown,
        ExportError::NotOurs { .. }
        | ExportError::Foreign { .. }
        | ExportError::Edited { .. }
        | ExportError::InTheWay { .. } => Code::OutputProtected,
        ExportError::NotAFolder { .. }
        | ExportError::NoName { .. }
        | ExportError::NoParent { .. } => Code::OutputInvalid,
        ExportError::Busy { .. } => Code::FolderBusy,
        ExportError::NotBuilt { .. } => Code::Usage,
        _ => Code::WriteFailed,
    }
}

pub(super) fn of_sql(error: &SqlError) -> Code {
    match error {
        SqlError::Purchases(error) => of_purchases(error),
        SqlError::Expression(_) => Code::ExpressionInvalid,
        SqlError::Pipeline(error) => of_pipeline(error),
        _ => Code::SqlImpossible,
    }
}

pub(super) fn of_audience(error: &AudienceError) -> Code {
    match error {
        AudienceError::UnknownSegment { .. } => Code::SegmentUnknown,
        AudienceError::Condition { .. } => Code::ExpressionInvalid,
        AudienceError::NoId { .. }
        | AudienceError::NoIdsInList { .. }
        | AudienceError::NoContact { .. } => Code::ColumnMissing,
        AudienceError::NobodyHeldOut { .. } => Code::IdInvalid,
        _ => Code::Usage,
    }
}
