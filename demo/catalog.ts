/** What the demo shop sells. */
export interface Article {
  readonly title: string;
  readonly text: string;
  readonly price: string;
  readonly sold: number;
}

export const articles: readonly Article[] = [
  { title: 'Stoneware mug', text: 'Blue glaze, 35 cl', price: '€ 14.00', sold: 412 },
  { title: 'Espresso cup', text: 'Double wall, 8 cl', price: '€ 9.50', sold: 265 },
  { title: 'Teapot', text: 'Cast iron, with strainer', price: '€ 48.00', sold: 97 },
  { title: 'Linen tea towel', text: 'Striped, 50 × 70 cm', price: '€ 11.00', sold: 338 },
  { title: 'Oak board', text: 'For bread and cheese', price: '€ 27.00', sold: 154 },
  { title: 'Bread knife', text: 'Serrated, 21 cm', price: '€ 32.00', sold: 121 },
  { title: 'Carafe', text: 'Hand-blown, 1 l', price: '€ 24.00', sold: 143 },
  { title: 'Water glass', text: 'Recycled glass, set of four', price: '€ 18.00', sold: 289 },
  { title: 'Mixing bowl', text: 'Enamel, 3 l', price: '€ 21.00', sold: 176 },
  { title: 'Wooden spoon', text: 'Olive wood, 30 cm', price: '€ 7.00', sold: 501 },
  { title: 'Salt cellar', text: 'With lid and spoon', price: '€ 13.00', sold: 88 },
  { title: 'Pepper mill', text: 'Ceramic grinder', price: '€ 29.00', sold: 132 },
];

const MAX_RESULTS = 6;

/** Articles of which every word is part of the title or the text. */
export function search(query: string): readonly Article[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return articles
    .filter(({ title, text }) => words.every((word) => `${title} ${text}`.toLowerCase().includes(word)))
    .slice(0, MAX_RESULTS);
}
