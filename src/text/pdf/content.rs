//! Runs the content of a page: of its operators only those that set text, and those that move it.
//!
//! What cannot be followed is an error, for text after it would be lost or set in the wrong place: an unknown operator, a
//! missing operand, a font or a drawn object that cannot be found.

use std::collections::HashMap;
use std::rc::Rc;

use hayro_syntax::object::{Array, Dict, Name, ObjRef, Stream};
use hayro_syntax::page::Resources;

use super::font::Font;
use super::lexer::{Lexer, Token};
use super::limits::{self, Budget, too_much};
use super::matrix::Matrix;
use super::pen::{Pen, Style};
use super::stream;
use crate::error::{Error, Result};

/// Whether an operator neither shows text nor moves it.
#[rustfmt::skip]
fn is_without_text(operator: &[u8]) -> bool {
    matches!(
        operator,
        b"b" | b"B" | b"b*" | b"B*" | b"BDC" | b"BI" | b"BMC" | b"BX" | b"c" | b"cs" | b"CS" | b"d" | b"d0" | b"d1" | b"DP"
        | b"EI" | b"EMC" | b"EX" | b"f" | b"F" | b"f*" | b"g" | b"G" | b"h" | b"i" | b"j" | b"J" | b"k" | b"K" | b"l" | b"m"
        | b"M" | b"MP" | b"n" | b"re" | b"rg" | b"RG" | b"ri" | b"s" | b"S" | b"sc" | b"SC" | b"scn" | b"SCN" | b"sh" | b"v"
        | b"w" | b"W" | b"W*" | b"y"
    )
}

/// Text set in rendering mode 2, filled and outlined, is how some writers make bold.
const FILL_AND_STROKE: f64 = 2.0;

/// What the pages of a letter have in common.
#[derive(Debug)]
pub struct Runner {
    /// Fonts already read.
    fonts: HashMap<ObjRef, Rc<Font>>,
    budget: Budget,
}

/// The graphics state, as far as text depends on it.
#[derive(Debug, Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    character_space: f64,
    word_space: f64,
    scale: f64,
    leading: f64,
    rise: f64,
    stroked: bool,
}

/// One content stream being run.
struct Run<'a, 'p> {
    resources: &'a Resources<'p>,
    state: State,
    saved: Vec<State>,
    text: Matrix,
    line: Matrix,
    fonts: HashMap<Vec<u8>, Rc<Font>>,
    depth: usize,
}

impl Runner {
    /// For the pages of one letter.
    pub fn new() -> Self {
        Runner { fonts: HashMap::new(), budget: Budget::new() }
    }

    /// Runs the content of a page, the page turned by `matrix`, and sets its text with `pen`.
    pub fn page(&mut self, content: &[u8], resources: &Resources<'_>, matrix: Matrix, pen: &mut Pen) -> Result<()> {
        let state = State {
            matrix,
            font: None,
            size: 0.0,
            character_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            stroked: false,
        };
        self.run(content, resources, state, 0, pen)
    }

    fn run(&mut self, content: &[u8], resources: &Resources<'_>, state: State, depth: usize, pen: &mut Pen) -> Result<()> {
        self.budget.take_content(content.len())?;
        let (text, line) = (Matrix::IDENTITY, Matrix::IDENTITY);
        let mut run = Run { resources, state, saved: Vec::new(), text, line, fonts: HashMap::new(), depth };
        let mut lexer = Lexer::new(content);
        let mut operands = Vec::new();
        let mut nesting = 0usize;
        while let Some(token) = lexer.token()? {
            match token {
                Token::Operator(b"true" | b"false" | b"null") => continue,
                Token::Operator(operator) => {
                    if nesting != 0 {
                        return Err(malformed("an array without end"));
                    }
                    if operator == b"ID" {
                        lexer.skip_inline_image()?;
                        pen.pictures += 1;
                    } else {
                        self.operator(&mut run, operator, &operands, pen)?;
                    }
                    operands.clear();
                    continue;
                }
                Token::ArrayStart | Token::DictStart => nesting += 1,
                Token::ArrayEnd | Token::DictEnd => {
                    nesting = nesting.checked_sub(1).ok_or_else(|| malformed("a stray bracket"))?;
                }
                _ => {}
            }
            if nesting > limits::NESTING || operands.len() == limits::OPERANDS {
                return Err(too_much("operands"));
            }
            operands.push(token);
        }
        if operands.is_empty() { Ok(()) } else { Err(malformed("operands without an operator at its end")) }
    }

    fn operator(&mut self, run: &mut Run<'_, '_>, operator: &[u8], operands: &[Token<'_>], pen: &mut Pen) -> Result<()> {
        // A string left over before one of these has lost the operator that shows it.
        if matches!(operator, b"BT" | b"ET" | b"T*" | b"q" | b"Q") {
            numbers::<0>(operands)?;
        }
        let state = &mut run.state;
        match operator {
            b"Tj" | b"TJ" => self.show(run, operands, pen)?,
            b"Td" => run.move_by(numbers(operands)?),
            b"Tm" => {
                run.line = Matrix(numbers(operands)?);
                run.text = run.line;
            }
            b"Tf" => {
                let [Token::Name(name), Token::Number(size)] = operands else { return Err(wrong_operands(operator)) };
                run.state.font = Some(self.font(run, name)?);
                run.state.size = *size;
            }
            b"Tc" => [state.character_space] = numbers(operands)?,
            b"Tw" => [state.word_space] = numbers(operands)?,
            b"Tz" => {
                let [percent] = numbers(operands)?;
                state.scale = percent / 100.0;
            }
            b"TL" => [state.leading] = numbers(operands)?,
            b"Ts" => [state.rise] = numbers(operands)?,
            b"Tr" => state.stroked = numbers(operands)? == [FILL_AND_STROKE],
            b"TD" => {
                let [x, y] = numbers(operands)?;
                state.leading = -y;
                run.move_by([x, y]);
            }
            b"T*" => run.next_line(),
            b"'" => {
                run.next_line();
                self.show(run, operands, pen)?;
            }
            b"\"" => {
                let [Token::Number(word_space), Token::Number(character_space), string] = operands else {
                    return Err(wrong_operands(operator));
                };
                state.word_space = *word_space;
                state.character_space = *character_space;
                run.next_line();
                self.show(run, std::slice::from_ref(string), pen)?;
            }
            b"BT" => {
                run.text = Matrix::IDENTITY;
                run.line = Matrix::IDENTITY;
            }
            b"ET" => {}
            b"cm" => state.matrix = Matrix(numbers(operands)?).then(&state.matrix),
            b"q" if run.saved.len() == limits::SAVED_STATES => return Err(too_much("saved states")),
            b"q" => run.saved.push(run.state.clone()),
            // Writers do close more than they open; there is nothing to go back to then.
            b"Q" => run.state = run.saved.pop().unwrap_or_else(|| run.state.clone()),
            b"gs" => {
                let [Token::Name(name)] = operands else { return Err(wrong_operands(operator)) };
                let states = &run.resources.ext_g_states;
                let parameters = states.get::<Dict<'_>>(name.as_ref());
                if parameters.is_none() && states.contains_key(name.as_ref()) {
                    return Err(Error::DamagedPdf(format!("the graphics state {} is none", limits::named(name))));
                }
                let parameters = parameters.unwrap_or_default();
                self.budget.take_content(parameters.data().len())?;
                if parameters.contains_key("Font") {
                    return Err(Error::UnsupportedPdf("a font is chosen by a graphics state".into()));
                }
            }
            b"Do" => {
                let [Token::Name(name)] = operands else { return Err(wrong_operands(operator)) };
                self.draw(run, name, pen)?;
            }
            other if is_without_text(other) => {}
            _ => return Err(malformed("an unknown operator")),
        }
        Ok(())
    }

    /// Shows strings, moved by the numbers between them.
    fn show(&mut self, run: &mut Run<'_, '_>, operands: &[Token<'_>], pen: &mut Pen) -> Result<()> {
        let state = &run.state;
        let font = state.font.as_ref().ok_or_else(|| malformed("text before any font"))?;
        let to_page = run.text.then(&state.matrix);
        let style = Style { bold: font.bold || state.stroked, size: state.size, scale: state.scale, rise: state.rise };
        let mut line = pen.on(&to_page, style)?;
        for operand in operands {
            match operand {
                Token::String(string) => {
                    self.budget.take_glyphs(string.len())?;
                    font.glyphs(string, |glyph, blank| {
                        let word_space = if blank { state.word_space } else { 0.0 };
                        line.glyph(glyph, state.character_space + word_space);
                    })?;
                }
                Token::Number(kern) => line.skip(-kern / 1000.0 * state.size * state.scale),
                Token::ArrayStart | Token::ArrayEnd => {}
                _ => return Err(malformed("something else where text is shown")),
            }
        }
        let advance = line.advance();
        run.text = Matrix::translation(advance, 0.0).then(&run.text);
        Ok(())
    }

    fn font(&mut self, run: &mut Run<'_, '_>, name: &[u8]) -> Result<Rc<Font>> {
        if let Some(font) = run.fonts.get(name) {
            return Ok(font.clone());
        }
        let reference = run.resources.fonts.get_ref(name);
        let known = reference.and_then(|reference| self.fonts.get(&reference)).cloned();
        let font = match known {
            Some(font) => font,
            None => {
                self.budget.take_font()?;
                let missing = || Error::DamagedPdf(format!("the font {} is missing", limits::named(name)));
                let dict = run.resources.fonts.get::<Dict<'_>>(name).ok_or_else(missing)?;
                let font = Rc::new(Font::read(&dict, &mut self.budget)?);
                self.fonts.extend(reference.map(|reference| (reference, font.clone())));
                font
            }
        };
        run.fonts.insert(name.to_vec(), font.clone());
        Ok(font)
    }

    /// The resources of a form. What they hold is parsed every time.
    fn resources<'p>(&mut self, dict: Dict<'p>) -> Result<Resources<'p>> {
        self.budget.take_content(dict.data().len())?;
        let own = Resources::new(dict);
        let kinds = [&own.fonts, &own.x_objects, &own.ext_g_states, &own.color_spaces, &own.patterns];
        let parsed = kinds.into_iter().chain([&own.shadings, &own.properties]).map(|kind| kind.data().len());
        self.budget.take_content(parsed.sum())?;
        Ok(own)
    }

    /// Draws a form, a picture or a program for a printer.
    fn draw(&mut self, run: &Run<'_, '_>, name: &[u8], pen: &mut Pen) -> Result<()> {
        let missing = || Error::DamagedPdf(format!("the drawn object {} is missing", limits::named(name)));
        let object = run.resources.x_objects.get::<Stream<'_>>(name).ok_or_else(missing)?;
        let dict = object.dict();
        self.budget.take_content(dict.data().len())?;
        match dict.get::<Name<'_>>("Subtype").as_deref() {
            Some(b"Image") => pen.pictures += 1,
            Some(b"PS") => {}
            Some(b"Form") if run.depth == limits::FORM_DEPTH => return Err(too_much("forms within forms")),
            Some(b"Form") => {
                let content = stream::bytes(&object, "a form", limits::CONTENT)?;
                let mut state = run.state.clone();
                if let Some(matrix) = dict.get::<Array<'_>>("Matrix") {
                    let numbers: Vec<f64> = matrix.iter::<f32>().map(f64::from).collect();
                    let numbers = numbers.try_into().map_err(|_| malformed("a form whose matrix is none"))?;
                    state.matrix = Matrix(numbers).then(&state.matrix);
                }
                match dict.get::<Dict<'_>>("Resources") {
                    Some(own) => {
                        let own = self.resources(own)?;
                        self.run(&content, &own, state, run.depth + 1, pen)?;
                    }
                    None => self.run(&content, run.resources, state, run.depth + 1, pen)?,
                }
            }
            _ => return Err(missing()),
        }
        Ok(())
    }
}

impl Run<'_, '_> {
    fn move_by(&mut self, [x, y]: [f64; 2]) {
        self.line = Matrix::translation(x, y).then(&self.line);
        self.text = self.line;
    }

    fn next_line(&mut self) {
        self.move_by([0.0, -self.state.leading]);
    }
}

/// The operands as exactly `N` numbers.
fn numbers<const N: usize>(operands: &[Token<'_>]) -> Result<[f64; N]> {
    let mut numbers = [0.0; N];
    if operands.len() != N {
        return Err(malformed("an operator with more or fewer numbers than it takes"));
    }
    for (number, operand) in numbers.iter_mut().zip(operands) {
        let Token::Number(value) = operand else { return Err(malformed("something else where a number belongs")) };
        *number = *value;
    }
    Ok(numbers)
}

fn wrong_operands(operator: &[u8]) -> Error {
    malformed(&format!("{} without what it takes", limits::named(operator)))
}

fn malformed(what: &str) -> Error {
    Error::DamagedPdf(format!("the page content holds {what}"))
}
