//! What can go wrong, as words that stay: each error has a code, each code a kind, and the kind decides the exit code.
//!
//! This is the only list. `--json-errors` prints its words, docs/exit-codes.md explains them, and a test compares the two and
//! brings about each of them.

use clap::ValueEnum;
use serde::Serialize;

/// What an error is about, and so the exit code of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// What was asked for cannot be: flags, a recipe, a column or folder that was named.
    Usage,
    /// The input or the model is wrong.
    Input,
    /// The work is done, and what it found is what the command was told to fail on.
    Finding,
    /// The same command may succeed later.
    Retry,
    /// Something could not be written.
    Write,
    /// The program has a bug.
    Bug,
}

impl Kind {
    /// The exit code of the program.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Write | Self::Bug => 1,
            Self::Usage => 2,
            Self::Input => 3,
            Self::Finding => 4,
            // EX_TEMPFAIL of sysexits.h.
            Self::Retry => 75,
        }
    }
}

/// One code for each kind of error that its reader can do something about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// A file could not be written.
    WriteFailed,
    /// The program has a bug.
    Bug,
    /// Flags, arguments or settings that cannot be or do not go together.
    Usage,
    /// There is no such recipe or playbook.
    RecipeMissing,
    /// A recipe or a playbook says something that cannot be.
    RecipeInvalid,
    /// An expression of a recipe cannot be evaluated.
    ExpressionInvalid,
    /// A column that was named is not in the input.
    ColumnUnknown,
    /// A sheet that was named is not in the workbook.
    SheetUnknown,
    /// There is no segment of this number.
    SegmentUnknown,
    /// No customer has this id.
    CustomerUnknown,
    /// A name that cannot be given to a segment.
    NameInvalid,
    /// Nothing is kept of this number of segments.
    NumberNotKept,
    /// The folder holds no segmentation.
    FolderWithoutModel,
    /// What stands there would be lost: the input, a result, a file of somebody else.
    OutputProtected,
    /// The output cannot be made there.
    OutputInvalid,
    /// The segmentation cannot be written as SQL.
    SqlImpossible,
    /// The input cannot be opened.
    InputUnreadable,
    /// The input holds no rows.
    InputEmpty,
    /// The input is no table of a known format.
    FormatUnknown,
    /// The input needs a password or a key.
    InputEncrypted,
    /// The input is damaged or cut off.
    InputDamaged,
    /// The input needs more memory or time than it may take.
    InputTooLarge,
    /// The input holds bytes that its encoding has not.
    EncodingWrong,
    /// The header of the input is not where it should be, or not one.
    HeaderUnclear,
    /// Rows have more or fewer fields than the header.
    RowsMisfit,
    /// Two columns of the input have one name.
    ColumnDuplicate,
    /// Inputs that are read together have different columns.
    ColumnsDiffer,
    /// The input lacks a column that the model needs.
    ColumnMissing,
    /// A cell is not what its column must hold.
    CellMisfit,
    /// Cells are empty where none may be.
    ValueMissing,
    /// Dates or numbers can be read in two ways.
    NotationAmbiguous,
    /// Ids are empty, or two rows have the same.
    IdInvalid,
    /// The purchases do not say who bought, when, or for how much.
    PurchasesUnclear,
    /// No row or no column is left to cluster.
    NothingToCluster,
    /// There are too few customers for what was asked.
    TooFewCustomers,
    /// The customer was set aside and is in no segment.
    CustomerSetAside,
    /// The file is no segmentation, or not as it was written.
    ModelInvalid,
    /// What `--fail-on` names was found.
    FailOn,
    /// The segmentation made again differs.
    Differs,
    /// There is no such input, or nobody writes to it, yet.
    InputMissing,
    /// The input changed while it was read.
    InputChanged,
    /// The connection that the input came through was lost.
    ConnectionLost,
    /// There is no such folder or file of a segmentation, yet.
    ModelMissing,
    /// Another process is writing the folder.
    FolderBusy,
}

impl Code {
    /// What it is about.
    pub const fn kind(self) -> Kind {
        match self {
            Self::WriteFailed => Kind::Write,
            Self::Bug => Kind::Bug,
            Self::Usage
            | Self::RecipeMissing
            | Self::RecipeInvalid
            | Self::ExpressionInvalid
            | Self::ColumnUnknown
            | Self::SheetUnknown
            | Self::SegmentUnknown
            | Self::CustomerUnknown
            | Self::NameInvalid
            | Self::NumberNotKept
            | Self::FolderWithoutModel
            | Self::OutputProtected
            | Self::OutputInvalid
            | Self::SqlImpossible => Kind::Usage,
            Self::InputUnreadable
            | Self::InputEmpty
            | Self::FormatUnknown
            | Self::InputEncrypted
            | Self::InputDamaged
            | Self::InputTooLarge
            | Self::EncodingWrong
            | Self::HeaderUnclear
            | Self::RowsMisfit
            | Self::ColumnDuplicate
            | Self::ColumnsDiffer
            | Self::ColumnMissing
            | Self::CellMisfit
            | Self::ValueMissing
            | Self::NotationAmbiguous
            | Self::IdInvalid
            | Self::PurchasesUnclear
            | Self::NothingToCluster
            | Self::TooFewCustomers
            | Self::CustomerSetAside
            | Self::ModelInvalid => Kind::Input,
            Self::FailOn | Self::Differs => Kind::Finding,
            Self::InputMissing
            | Self::InputChanged
            | Self::ConnectionLost
            | Self::ModelMissing
            | Self::FolderBusy => Kind::Retry,
        }
    }

    /// The word that `--json-errors` prints.
    ///
    /// # Panics
    /// Never: no code is hidden.
    pub fn word(self) -> String {
        let value = self.to_possible_value().expect("no code is hidden");
        value.get_name().to_owned()
    }
}
