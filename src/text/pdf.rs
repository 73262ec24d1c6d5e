//! The text of a published PDF.
//!
//! `hayro-syntax` parses and decrypts; everything from the content stream on is ours, because no extractor says what is bold
//! and each of them passes off part of a damaged letter as the whole. Here whatever cannot be followed to its end is an error:
//! a wrong checksum, a missing page or font, a glyph without a character or a width.

mod content;
mod encoding;
mod font;
mod guard;
mod layout;
mod lexer;
mod limits;
mod matrix;
mod pen;
mod stream;
#[cfg(test)]
mod tests;
mod unfinished;

use hayro_syntax::object::{Array, Dict, Name, ObjRef, Object, Stream};
use hayro_syntax::page::{Page, Rotation};
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use self::matrix::Matrix;
use super::Text;
use crate::error::{Error, Result};

/// Reads the text of a PDF.
pub fn read(bytes: &[u8]) -> Result<Text> {
    if bytes.is_empty() {
        return Err(Error::Empty);
    }
    unfinished::refuse(bytes)?;
    guard::before_parsing(bytes)?;
    let pdf = Pdf::new(bytes.to_vec()).map_err(refused)?;
    guard::after_parsing(bytes, &pdf)?;
    let pages = pages(&pdf)?;

    let mut runner = content::Runner::new();
    let mut writer = layout::Writer::default();
    let mut warnings = Vec::new();
    let mut seen: Vec<Vec<ObjRef>> = Vec::new();
    let (mut pages_with_text, mut pictures) = (0, 0);
    for (page, number) in pages.iter().zip(1..) {
        let (content, from) = page_content(page, number)?;
        // Twice the same content is a page whose own was lost.
        if !from.is_empty() && seen.contains(&from) {
            return Err(damaged(format!("page {number} repeats another")));
        }
        seen.push(from);
        let mut pen = pen::Pen::default();
        runner.page(&content, page.resources(), turned(page.rotation()), &mut pen)?;
        let [upright, sideways @ ..] = pen.turned;
        if sideways.iter().any(|words| !words.words.is_empty()) {
            warnings.push(format!("page {number} has text set sideways, which stands after the rest of the page"));
        }
        let has_text = [&upright].into_iter().chain(&sideways).any(|words| !words.words.is_empty());
        if !has_text && pen.pictures > 0 {
            warnings.push(format!("page {number} is a picture without text"));
        }
        pages_with_text += usize::from(has_text);
        pictures += pen.pictures;
        writer.page();
        writer.block(upright);
        if writer.is_doubtful() {
            warnings.push(format!("words on page {number} run into each other or fall apart; a font of the PDF may be damaged"));
        }
        sideways.into_iter().for_each(|words| writer.block(words));
        if writer.is_longer_than(super::LONGEST) {
            return Err(limits::too_much("text"));
        }
    }
    match (pages_with_text, pictures) {
        (0, 0) => return Err(damaged("no page holds text".into())),
        (0, _) => return Err(Error::Scanned),
        _ => {}
    }
    let (text, bold) = writer.finish();
    Ok(Text { text, bold, warnings })
}

fn damaged(what: String) -> Error {
    Error::DamagedPdf(what)
}

fn refused(error: LoadPdfError) -> Error {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Error::Password,
        LoadPdfError::Decryption(DecryptionError::UnsupportedAlgorithm) => Error::UnsupportedPdf("an unknown encryption".into()),
        LoadPdfError::Decryption(_) => damaged("the encryption is broken".into()),
        LoadPdfError::Invalid => damaged("it has not the structure of a PDF".into()),
    }
}

/// The pages, all of them: the parser leaves out those that it cannot find.
fn pages(pdf: &Pdf) -> Result<&[Page<'_>]> {
    let pages = pdf.pages();
    if pages.len() > limits::PAGES {
        return Err(limits::too_much("pages"));
    }
    let root = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    let count = root.and_then(|root| root.get::<Dict<'_>>("Pages")).and_then(|tree| tree.get::<usize>("Count"));
    match count {
        Some(count) if count == pages.len() => {}
        Some(count) => return Err(damaged(format!("{} of its {count} pages are there", pages.len()))),
        None => return Err(damaged("it does not say how many pages it has".into())),
    }
    match pages.iter().position(|page| page.raw().get::<Name<'_>>("Type").as_deref() != Some(b"Page")) {
        Some(index) => Err(damaged(format!("page {} is none", index + 1))),
        None => Ok(pages),
    }
}

/// The content of a page, and the objects it stands in.
fn page_content(page: &Page<'_>, number: usize) -> Result<(Vec<u8>, Vec<ObjRef>)> {
    let lost = || damaged(format!("the content of page {number} is missing"));
    let what = format!("the content of page {number}");
    let dict = page.raw();
    match dict.get::<Object<'_>>("Contents") {
        Some(Object::Stream(stream)) => {
            Ok((stream::bytes(&stream, &what, limits::CONTENT)?, dict.get_ref("Contents").into_iter().collect()))
        }
        Some(Object::Array(parts)) => {
            let references = references(&parts).ok_or_else(lost)?;
            let mut content = Vec::new();
            for reference in &references {
                let part = page.xref().get::<Stream<'_>>((*reference).into()).ok_or_else(lost)?;
                content.extend(stream::bytes(&part, &what, limits::CONTENT)?);
                content.push(b'\n');
                if content.len() > limits::CONTENT {
                    return Err(limits::too_much("page content"));
                }
            }
            Ok((content, references))
        }
        // A page that names fonts but has nothing to set in them has lost it.
        None if !dict.contains_key("Contents") && page.resources().fonts.is_empty() => Ok(Default::default()),
        _ => Err(lost()),
    }
}

/// The references in an array, if it holds nothing else; the parser's iterator ends early at what it cannot read.
fn references(array: &Array<'_>) -> Option<Vec<ObjRef>> {
    let references: Option<Vec<ObjRef>> = array.raw_iter().map(|item| item.as_obj_ref()).collect();
    let written = array.data().iter().filter(|&&byte| byte == b'R').count();
    references.filter(|references| references.len() == written)
}

/// Turns a page the way it is shown.
fn turned(rotation: Rotation) -> Matrix {
    Matrix(match rotation {
        Rotation::None => return Matrix::IDENTITY,
        Rotation::Horizontal => [0.0, -1.0, 1.0, 0.0, 0.0, 0.0],
        Rotation::Flipped => [-1.0, 0.0, 0.0, -1.0, 0.0, 0.0],
        Rotation::FlippedHorizontal => [0.0, 1.0, -1.0, 0.0, 0.0, 0.0],
    })
}
